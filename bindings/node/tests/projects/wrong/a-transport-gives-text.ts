import { Client, type Invoicing, methods, readPush } from 'nnopen';

declare const client: Client;
declare const order: Invoicing.RequestBillingNew.Order;

new Client({ environment: 'sandbox', appKey: 'a', appSecret: 'b', taxNum: 'c', transport: async () => ({ status: 200, body: '{}' }) });
