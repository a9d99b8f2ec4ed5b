// One order checked and one request signed; the same in every runtime.
import { check, Client, coreKind, init, methods, preview } from 'nnopen';

await init();
const options = { environment: 'sandbox', appKey: 'SD00000001', appSecret: 'SD00000000000001', taxNum: '339901999999142' };
const { signature } = preview({ ...options, now: 1700000000000 }, methods.query.queryInvoiceResult, { orderNos: ['A-1'] });
const { violations } = check(methods.invoicing.requestBillingNew, {});
const transport = async () => ({ status: 200, body: new TextEncoder().encode('{"code":"E0000","result":[{"orderNo":"A-1","status":"2"}]}') });
const client = new Client({ ...options, permanentToken: 'T-1', transport });
const [invoice] = await client.call(methods.query.queryInvoiceResult, { orderNos: ['A-1'] });
console.log(`ok ${coreKind()} ${signature} ${violations[0].path} ${invoice.status}`);
