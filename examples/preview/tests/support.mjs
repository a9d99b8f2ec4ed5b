// The built page in Chromium, opened from the disk. Whatever it asks for is written down.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { after } from 'node:test';

import { chromium } from 'playwright-core';

const names = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = [process.env.NNOPEN_CHROMIUM, ...names].find((path) => path && existsSync(path));
export const address = new URL('../dist/index.html', import.meta.url).href;
export const root = fileURLToPath(new URL('../../..', import.meta.url));

let browser;
after(() => browser?.close());

/** A test with a fresh page. It fails too if the page asked for anything, or something went wrong in it. */
export function withPage(name, options, run) {
  test(name, { timeout: 60_000, skip: executablePath ? false : 'needs Chromium' }, async () => {
    browser ??= await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    const { lang = 'zh', width = 1600, theme = 'light', hash = '', expected = /^$/ } = options;
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      locale: lang === 'zh' ? 'zh-CN' : 'en-US',
      colorScheme: theme,
      // Colours are looked at when they have settled.
      reducedMotion: 'reduce',
      // The page has no way to a network; nor has the browser.
      offline: true,
    });
    context.setDefaultTimeout(8000);
    const page = await context.newPage();
    const wrong = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(address) && !request.url().startsWith('data:')) wrong.push(`asked for ${request.url()}`);
    });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && !expected.test(message.text()) && wrong.push(message.text()));
    await page.goto(address + hash);
    await page.waitForSelector('nav.views');
    try {
      await run(page);
    } finally {
      await context.close();
    }
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
}

/** Puts a text into the editor as a paste does. */
export async function paste(page, text) {
  await page.click('.cm-content');
  await page.keyboard.press('ControlOrMeta+A');
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, typeof text === 'string' ? text : JSON.stringify(text, undefined, 2));
  await page.waitForTimeout(300);
}

/** An order of our own, with lines as wanted. */
export function order(lines, more = {}) {
  return {
    order: {
      buyerName: '示例购方有限公司',
      salerTaxNum: '339901999999142',
      salerTel: '0571-00000001',
      salerAddress: '示例市示例区示例路1号',
      orderNo: 'NN1',
      invoiceDate: '2026-09-22 10:30:00',
      clerk: '张三',
      pushMode: '-1',
      invoiceType: '1',
      invoiceLine: 'pc',
      ...more,
      invoiceDetail: lines,
    },
  };
}

export function line(more = {}) {
  return { goodsName: '激光打印机', goodsCode: '1090511030000000000', withTaxFlag: '1', taxRate: '0.13', ...more };
}
