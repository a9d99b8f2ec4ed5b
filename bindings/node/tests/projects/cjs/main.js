const { Client, check, methods, NnopenError, InputError } = require('nnopen');
const { httpTransport } = require('nnopen/http');
const { fileStore } = require('nnopen/file');

const client = new Client({
  environment: 'sandbox',
  appKey: 'SD00000001',
  appSecret: 'SD00000000000001',
  taxNum: '339901999999142',
  transport: httpTransport(),
  store: fileStore('tokens'),
});
const { violations } = check(methods.invoicing.requestBillingNew, {});
if (violations.length === 0) throw new Error('an empty order is no order');
client.call(methods.invoicing.requestBillingNew, {}).then(
  () => process.exit(1),
  async (error) => {
    const esm = await import('nnopen');
    if (!(error instanceof InputError && error instanceof NnopenError)) throw new Error('CJS: not our error');
    if (!(error instanceof esm.InputError) || error instanceof esm.AuthError) throw new Error('ESM does not know the error of CJS');
    console.log('ok');
  },
);
