// What nnopen costs in Node beside a program that does the same work by hand: `cargo xtask bench node` and `… wasm`.
//
// Both build the request from the same params, hand it to the same transport, which answers at once, and read the answer.
// nnopen checks an order against the model and all rules; the program by hand checks nothing. They run turn by turn in this
// process; the best round of each counts. A line of JSON for each comparison. With NNOPEN_FORCE_WASM=1 nnopen is its
// WebAssembly, and the program by hand signs with WebCrypto.

import { Buffer } from 'node:buffer';
import { createHmac, randomBytes, webcrypto } from 'node:crypto';
import process from 'node:process';

import { Client, coreKind, methods } from '../dist/esm/index.js';

const KEY = 'SD00000001';
const SECRET = 'SD00000000000001';
const TOKEN = '0123456789abcdef0123456789abcdef';
const TAX_NUM = '339901999999142';
const URL = 'https://sdk.nuonuo.com/open/v1/services';
const ISSUE = methods.invoicing.requestBillingNew;
const QUERY = methods.query.queryInvoiceResult;
const ROUNDS = 300;
const ROUND = 2e6;

const wasm = coreKind() === 'wasm';
let answer = Buffer.from('{"code":"E0000","describe":"","result":{"invoiceSerialNum":"1"}}');
const transport = async () => ({ status: 200, body: answer });
const client = new Client({
  environment: 'production', appKey: KEY, appSecret: SECRET, taxNum: TAX_NUM, permanentToken: TOKEN, transport,
});

const subtle = wasm
  ? await webcrypto.subtle.importKey('raw', Buffer.from(SECRET), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
  : undefined;

/** As a program without an SDK would do it. */
async function byHand(method, body) {
  const senid = randomBytes(16).toString('hex');
  const nonce = String(10_000_000 + (randomBytes(4).readUInt32BE() % 90_000_000));
  const timestamp = String(Math.trunc(Date.now() / 1000));
  const text = `a=services&l=v1&p=open&k=${KEY}&i=${senid}&n=${nonce}&t=${timestamp}&f=${body}`;
  const sign = subtle
    ? Buffer.from(await webcrypto.subtle.sign('HMAC', subtle, Buffer.from(text))).toString('base64')
    : createHmac('sha1', SECRET).update(text).digest('base64');
  const headers = {
    'Content-Type': 'application/json', 'X-Nuonuo-Sign': sign, accessToken: TOKEN, userTax: TAX_NUM, method,
  };
  const url = `${URL}?senid=${senid}&nonce=${nonce}&timestamp=${timestamp}&appkey=${KEY}`;
  const told = await transport({ url, headers, body: Buffer.from(body) });
  const read = JSON.parse(told.body.toString());
  if (read.code !== 'E0000') throw new Error(read.describe);
  return read.result;
}

function order(lines) {
  return {
    order: {
      buyerName: '示例购方有限公司', buyerTaxNum: '339901999999199', salerTaxNum: TAX_NUM, salerTel: '0571-00000000',
      salerAddress: '示例市示例路1号', orderNo: 'BENCH-1', invoiceDate: '2026-09-22 10:00:00', clerk: '示例', pushMode: '1',
      buyerPhone: '13800000000', invoiceType: '1', invoiceLine: 'pc',
      invoiceDetail: Array.from({ length: lines }, (_, at) => line(at)),
    },
  };
}

function line(at) {
  const cents = 10_000 + 100 * (at % 977);
  const tax = Math.trunc((cents * 13) / 100);
  const yuan = (count) => `${Math.trunc(count / 100)}.${String(count % 100).padStart(2, '0')}`;
  return {
    goodsName: '激光打印机', goodsCode: '1090511030000000000', withTaxFlag: '0', price: yuan(cents), num: '1', unit: '台',
    specType: 'A4 双面', tax: yuan(tax), taxRate: '0.13', taxExcludedAmount: yuan(cents), taxIncludedAmount: yuan(cents + tax),
    invoiceLineProperty: '0', favouredPolicyFlag: '0',
  };
}

function invoices(count) {
  const row = (at) => ({
    serialNo: `26092210000000${String(at).padStart(6, '0')}`, orderNo: `BENCH-${at}`, status: '2', statusMsg: '开票完成（最终状态）',
    invoiceNo: `26${String(at).padStart(18, '0')}`, invoiceTime: 1790042400000 + at, invoiceType: '1', invoiceKind: '数电普票',
    salerName: '示例销方有限公司', salerTaxNum: TAX_NUM, payerName: '示例购方有限公司', payerTaxNo: '339901999999199',
    orderAmount: '113.00', exTaxAmount: '100.00', taxAmount: '13.00', pdfUrl: `https://invoices.example/${at}.pdf`,
  });
  return Buffer.from(JSON.stringify({ code: 'E0000', describe: '获取成功', result: Array.from({ length: count }, (_, at) => row(at)) }));
}

async function compare(name, ours, theirs) {
  const programs = [ours, theirs];
  const turns = [];
  const best = [Infinity, Infinity];
  for (const program of programs) {
    for (let turn = 0; turn < 200; turn++) await program();
    turns.push(Math.max(1, Math.round(ROUND / (await timed(20, program)))));
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const at of [0, 1]) best[at] = Math.min(best[at], await timed(turns[at], programs[at]));
  }
  const beside = `JSON + ${wasm ? 'WebCrypto' : 'node:crypto'}`;
  console.log(JSON.stringify({ name, beside, ours_ns: Math.round(best[0]), theirs_ns: Math.round(best[1]), ratio: best[1] / best[0] }));
}

/** Nanoseconds of one turn. */
async function timed(turns, program) {
  const begun = process.hrtime.bigint();
  for (let turn = 0; turn < turns; turn++) await program();
  return Number(process.hrtime.bigint() - begun) / turns;
}

console.log(JSON.stringify({ runtime: `Node ${process.versions.node}`, core: coreKind() }));
const text = JSON.stringify({ filler: 'x'.repeat(1024 - 13) });
await compare('body of 1 KiB given as text', () => client.callRaw(ISSUE, text), () => byHand(ISSUE, text));
for (const lines of [1, 10, 100]) {
  const params = order(lines);
  await compare(
    `order of ${lines} lines, checked`,
    () => client.call(ISSUE, params),
    () => byHand(ISSUE, JSON.stringify(params)),
  );
}
answer = invoices(50);
const asked = { orderNos: ['BENCH-1'] };
await compare('answer of 50 invoices', () => client.call(QUERY, asked), () => byHand(QUERY, JSON.stringify(asked)));
