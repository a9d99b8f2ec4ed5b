// Both languages, both themes, phone and wide screen; by keyboard; without faults for those who hear it. Nothing leaves.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { line, order, paste, withPage } from './support.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

async function faults(page) {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.any.map((one) => one.message).join('; ')}`));
}

for (const lang of ['zh', 'en']) {
  for (const width of [360, 1600]) {
    for (const theme of ['light', 'dark']) {
      withPage(`no serious finding, nothing beyond the edge: ${lang}, ${width} px, ${theme}`, { lang, width, theme }, async (page) => {
        const look = async (where) => {
          assert.deepEqual(await faults(page), [], where);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, where);
        };
        await look('the example');
        await paste(page, order([line({ price: '1x', num: '2' }), line({ price: '10', num: '2' })]));
        await look('a wrong order');
        await page.getByRole('button', { name: lang === 'zh' ? '字段' : 'Fields', exact: true }).click();
        await look('fields');
        await page.click('[data-view=request]');
        await look('a refused request');
        await page.locator('[data-test=example]').selectOption('0');
        await page.waitForSelector('[data-test=canonical]');
        await look('a request');
        await page.click('[data-view=read]');
        await page.locator('[data-test=answer] [data-test=examples]').selectOption('0');
        await page.locator('[data-test=push] [data-test=examples]').selectOption('0');
        await look('an answer and a push');
        await page.click('[data-view=codes]');
        await look('codes');
      });
    }
  }
}

withPage('by keyboard alone, to the editor, out of it and to the request', {}, async (page) => {
  const focused = () => page.evaluate(() => document.activeElement.className + document.activeElement.textContent.slice(0, 20));
  const walk = async (to) => {
    for (let steps = 0; steps < 60; steps++) {
      await page.keyboard.press('Tab');
      if ((await focused()).includes(to)) return;
    }
    throw new Error(`no way to ${to}`);
  };
  await walk('cm-content');
  await walk('wide');
  for (let steps = 0; steps < 40 && !(await focused()).includes('请求与签名'); steps++) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('[data-test=canonical]').count(), 1);
});

withPage('language and theme are chosen, and outlast the page', {}, async (page) => {
  await page.getByLabel('语言 · Language').selectOption('en');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.match(await page.textContent('[data-test=summary]'), /No errors/);
  await page.getByLabel('Theme').selectOption('dark');
  await page.reload();
  assert.match(await page.textContent('[data-test=summary]'), /No errors/);
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  const [red] = /\d+/.exec(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
  assert.ok(Number(red) < 60, 'the ground is dark');
});

withPage('the page may not reach anything', { expected: /Content Security Policy/ }, async (page) => {
  const policy = await page.getAttribute('meta[http-equiv=Content-Security-Policy]', 'content');
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'none'/);
  const refused = await page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        fetch('data:,x').catch(() => {});
      }),
  ).catch(String);
  assert.equal(refused, 'connect-src');
});
