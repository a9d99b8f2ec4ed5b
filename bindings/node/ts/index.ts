// nnopen：诺诺开放平台（电子发票） · nnopen: the Nuonuo open platform (e-invoices).

export * from './api/index.js';
export type { Batch, BatchEvent, BatchProgress, BatchRules, EventOptions } from './batch.js';
export {
  type CallOptions,
  Client,
  type ClientOptions,
  type Grant,
  type Returned,
  type SettleOptions,
  type SignedIn,
} from './client.js';
export {
  AuthError,
  type ErrorKind,
  InputError,
  NnopenError,
  PlatformError,
  ReplyError,
  TransportError,
  UncertainError,
  UsageError,
} from './errors.js';
export { coreKind, init, initSync, type WasmSource } from './face.js';
export { type Amounts, amounts, fill, type Order, type OrderLine, red, type RedReason, split, totals } from './order.js';
export { pushAccepted, type PushMessage, type PushOf, pushRefused, readPush, type UnknownPush } from './push.js';
export { type Answer, NotSent, type OutgoingRequest, type Transport } from './request.js';
export {
  diagnose,
  type Preview,
  preview,
  type PreviewOptions,
  previewRaw,
  sign,
  type SignedPart,
  type Slip,
  type ToSign,
} from './signing.js';
export { type Kept, memoryStore, type TokenStore } from './store.js';
export {
  check,
  checkJson,
  type Checked,
  documents,
  explain,
  type InvoiceFile,
  methodNames,
  type ReadAnswer,
  readAnswer,
} from './tools.js';
export { fetchTransport } from './transport/fetch.js';
export type { Explanation, Integer, Json, Open, ResultJson, Retry, Violation } from './values.js';
