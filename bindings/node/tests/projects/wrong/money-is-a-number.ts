import { Client, type Invoicing, methods, readPush } from 'nnopen';

declare const client: Client;
declare const order: Invoicing.RequestBillingNew.Order;

const line: Invoicing.RequestBillingNew.Order['invoiceDetail'][number] = { goodsName: 'a', withTaxFlag: '1', price: 12.5 };
export { line };
