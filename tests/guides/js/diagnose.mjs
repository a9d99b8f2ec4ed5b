import { diagnose, sign } from 'nnopen';

const [appSecret, appKey, senid] = ['SD00000000000001', 'SD00000001', '0123456789abcdef0123456789abcdef'];
const [nonce, timestamp, body] = ['12345678', '1700000000', '{"url":"a/b"}'];
const theirs = sign({ appSecret, appKey, path: '/open/v1/services', senid, nonce, timestamp, body: '{"url":"a\\/b"}' }).signature;

// BLOCK
