// Receives pushes: the raw body is what is read, whatever its content type says.
import express from 'express';
import { NnopenError, pushAccepted, pushRefused, readPush } from 'nnopen';

const app = express();
const seen = [];
app.post('/push', express.raw({ type: () => true }), (request, response) => {
  response.type('json');
  try {
    seen.push(readPush(request.headers['content-type'], request.body));
    response.send(pushAccepted());
  } catch (error) {
    if (!(error instanceof NnopenError)) throw error;
    response.send(pushRefused(error.describe));
  }
});
const server = app.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/push`;
  const form = new URLSearchParams({ operater: 'callback', orderno: 'A-1', content: '{"c_fpqqlsh":"S1"}' });
  const taken = await (await fetch(url, { method: 'POST', body: form })).json();
  const refused = await (await fetch(url, { method: 'POST', body: '{"a":' })).json();
  if (taken.status !== '0000' || refused.status !== '9999') throw new Error(JSON.stringify([taken, refused]));
  if (seen.length !== 1 || seen[0].serialNo !== 'S1') throw new Error(JSON.stringify(seen));
  console.log('ok');
  server.close();
});
