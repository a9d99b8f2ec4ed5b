import { Client, type enums, InputError, type Invoicing, methods, type PushMessage, readPush, type Transport } from 'nnopen';

const order: Invoicing.RequestBillingNew.Order = {
  buyerName: '示例购方有限公司',
  salerTaxNum: '339901999999142',
  salerTel: '0571-00000001',
  salerAddress: '示例市示例区示例路1号',
  orderNo: 'TS-1',
  invoiceDate: '2026-09-22 10:30:00',
  clerk: '张三',
  pushMode: '-1',
  invoiceType: '1',
  invoiceLine: 'pc',
  invoiceDetail: [{ goodsName: '咨询服务', withTaxFlag: '1', taxRate: '0.06', price: '106.00', num: '1' }],
};
const line: enums.InvoiceLine = 'a code of next year';
const nowhere: Transport = async () => ({ status: 200, body: new TextEncoder().encode(`{"not":"${line}"}`) });
const client = new Client({
  environment: 'sandbox',
  appKey: 'SD00000001',
  appSecret: 'SD00000000000001',
  taxNum: '339901999999142',
  transport: nowhere,
});

async function number(): Promise<string | undefined> {
  const invoices = await client.issue({ order });
  const amount: string | null | undefined = invoices[0]?.orderAmount;
  return amount ?? undefined;
}

const push: PushMessage = readPush('application/json', '{"operater":"callback","orderno":"1","content":"{}"}');
if (push.known && push.operater === 'callback') {
  const status: 'issued' | 'failed' | 'seal_failed' | null = push.status;
  if (status !== 'issued') throw new Error(`${status}`);
}

try {
  await number();
  throw new Error('an answer that is none was taken');
} catch (error) {
  if (error instanceof InputError) throw error;
  await client.call(methods.query.queryInvoiceResult, { orderNos: ['1'] }).catch(() => console.log('ok'));
}
