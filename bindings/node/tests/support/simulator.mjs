// The simulator as a program beside the tests, and a client whose clock moves with it.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const TAX_NUM = '339901999999142';
export const SECRET = 'SD00000000000001';

/** Starts `nnopen simulate`: the program is named by NNOPEN_BIN. */
export async function simulator(...args) {
  const program = process.env.NNOPEN_BIN;
  if (!program) throw new Error('NNOPEN_BIN must name the nnopen program: cargo build -p nnopen-cli');
  const child = spawn(program, ['simulate', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the simulator ended: ${code}`)));
  });
  lines.resume();
  let offset = 0;
  const admin = async (path, body) => {
    const response = await fetch(`${url}/_simulator/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    return response.json();
  };
  return {
    url,
    admin,
    /** What a client needs to speak to it; sleeping moves both clocks. */
    options: {
      serviceUrl: `${url}/open/v1/services`,
      tokenUrl: `${url}/accessToken`,
      appKey: 'SD00000001',
      appSecret: SECRET,
      taxNum: TAX_NUM,
      now: () => Date.now() + offset,
      sleep: async (milliseconds) => {
        offset += milliseconds;
        await admin('clock', { advance: milliseconds });
      },
    },
    invoices: async (orderNo) => (await admin('orders')).filter((order) => order.orderNo === orderNo).flatMap((order) => order.invoices),
    requests: () => admin('requests'),
    stop: () => child.kill(),
  };
}

const example = JSON.parse(readFileSync(new URL('../../../../examples/order.json', import.meta.url), 'utf8'));

/** The order of the examples under another number. */
export function order(orderNo) {
  return { order: { ...example.order, orderNo } };
}
