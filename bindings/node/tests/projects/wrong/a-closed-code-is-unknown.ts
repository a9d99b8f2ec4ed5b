import { Client, type Invoicing, methods, readPush } from 'nnopen';

declare const client: Client;
declare const order: Invoicing.RequestBillingNew.Order;

order.invoiceType = '3';
