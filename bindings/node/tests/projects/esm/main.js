import { coreKind, explain, methodNames, sign } from 'nnopen';
import { axiosTransport } from 'nnopen/axios';

if (methodNames().length < 60 || typeof axiosTransport !== 'function') throw new Error('something is missing');
if (explain('E9106')[0].meaningEn === '') throw new Error('no meaning');
const { signature } = sign({
  appSecret: 'SD0123456789ABCD',
  path: '/open/v1/services',
  appKey: 'SD00000001',
  senid: '0123456789abcdef0123456789abcdef',
  nonce: '12345678',
  timestamp: '1700000000',
  body: '{"a":"中"}',
});
console.log(`ok ${coreKind()} ${signature}`);
