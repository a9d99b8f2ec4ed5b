import type { Client } from 'nnopen';

declare const client: Client;
declare const params: { orderNos: string[] };
declare const order: never;
declare const name: string;
declare const line: { goodsName: string; price: string; num: string; taxRate: string; withTaxFlag: '1' };
declare const [appSecret, path, appKey, senid, nonce, timestamp, body]: string[];

// BLOCK
