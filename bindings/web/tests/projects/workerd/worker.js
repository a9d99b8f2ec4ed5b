// An edge worker: the WebAssembly comes as a module, nothing is fetched.
import { check, coreKind, init, methods, preview } from 'nnopen';
import wasm from 'nnopen/nnopen.wasm';

export default {
  async fetch() {
    await init(wasm);
    const options = { environment: 'sandbox', appKey: 'SD00000001', appSecret: 'SD00000000000001', taxNum: '339901999999142' };
    const { signature } = preview({ ...options, now: 1700000000000 }, methods.query.queryInvoiceResult, { orderNos: ['A-1'] });
    const { violations } = check(methods.invoicing.requestBillingNew, {});
    return new Response(`ok ${coreKind()} ${signature} ${violations[0].path} 2`);
  },
};
