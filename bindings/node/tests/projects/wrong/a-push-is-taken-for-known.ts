import { Client, type Invoicing, methods, readPush } from 'nnopen';

declare const client: Client;
declare const order: Invoicing.RequestBillingNew.Order;

const push = readPush('', '');
const serial: string = push.content.c_fpqqlsh;
export { serial };
