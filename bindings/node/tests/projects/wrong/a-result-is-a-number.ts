import { Client, type Invoicing, methods, readPush } from 'nnopen';

declare const client: Client;
declare const order: Invoicing.RequestBillingNew.Order;

client.issue({ order }).then((invoices) => {
  const amount: number = invoices[0]?.orderAmount ?? 0;
  return amount;
});
