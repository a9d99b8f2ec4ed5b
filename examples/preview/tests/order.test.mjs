// The order: checked, drawn, completed, shared.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { line, order, paste, withPage } from './support.mjs';

withPage('a good example is there at the start, and drawn', {}, async (page) => {
  assert.match(await page.textContent('[data-test=summary]'), /没有错误/);
  const invoice = page.locator('[data-test=invoice]');
  assert.match(await invoice.textContent(), /预览 · 不是发票.*示例购方有限公司.*激光打印机/s);
  // 2598.00 + 600.00, worked out by hand from the example.
  assert.equal(await page.textContent('[data-test=gross]'), '¥3,198.00');
  assert.equal(await page.textContent('[data-test=net]'), '¥2,865.16');
  assert.equal(await page.textContent('[data-test=tax]'), '¥332.84');
  assert.equal(await page.textContent('[data-test=capitals]'), '叁仟壹佰玖拾捌元整');
});

for (const [lang, words, cure] of [
  ['zh', /应当是普通小数，而不是 12a/, /写成普通小数的文本/],
  ['en', /must be a plain decimal number, not 12a/, /Write a plain decimal as text/],
]) {
  withPage(`what is wrong is told with rule and cure, on its line and beside its field (${lang})`, { lang }, async (page) => {
    await paste(page, order([line({ price: '12a', num: '2' })]));
    const told = page.locator('[data-test=violations] li', { hasText: 'invoiceDetail[0].price' });
    assert.match(await told.textContent(), words);
    assert.match(await told.textContent(), cure);
    assert.match(await told.textContent(), /decimal/);
    // The very value is underlined, and its line has a mark.
    assert.equal(await page.locator('.cm-lintRange-error').first().textContent(), '"12a"');
    assert.equal(await page.locator('.cm-lint-marker-error').count(), 1);
    await told.getByRole('button').click();
    assert.equal(await page.evaluate(() => getSelection().toString()), '"12a"');
    await page.getByRole('button', { name: lang === 'zh' ? '字段' : 'Fields', exact: true }).click();
    const field = page.locator(`[id="order.invoiceDetail[0].price"]`);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const described = await field.getAttribute('aria-describedby');
    assert.match(await page.locator(`[id="${described}"]`).textContent(), words);
    await field.fill('12.50');
    await field.press('Tab');
    assert.equal(await page.locator('[data-test=violations] li.error').count(), 0);
    assert.equal(await page.textContent('[data-test=gross]'), '¥25.00');
  });
}

withPage('a field is added, changed and kept in the text, whose numbers stay as they are', {}, async (page) => {
  await paste(page, JSON.stringify(order([line({ price: '10', num: 'NUM' })])).replace('"NUM"', '2.50'));
  await page.getByRole('button', { name: '字段', exact: true }).click();
  await page.getByLabel('添加字段').last().selectOption('remark');
  await page.locator(`[id="order.remark"]`).fill('含"引号"');
  await page.locator(`[id="order.remark"]`).press('Tab');
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  const text = await page.textContent('.cm-content');
  assert.match(text, /"num":2\.50,?|"num":2\.50/);
  assert.match(text, /"remark": "含\\"引号\\""/);
});

withPage('missing amounts are worked out, and filled in on demand', {}, async (page) => {
  await paste(page, order([line({ price: '1299.00', num: '2' })]));
  // 2598 / 1.13 = 2299.115…
  const cells = page.locator('[data-test=invoice] td.made');
  assert.deepEqual(await cells.allTextContents(), ['2,299.12', '298.88']);
  await page.click('[data-test=fill]');
  await page.waitForFunction(() => document.querySelector('.cm-content').textContent.includes('"tax": "298.88"'));
  assert.equal(await cells.count(), 0);
  assert.equal(await page.locator('[data-test=fill]').count(), 0);
});

const CAPITALS = [
  ['0.05', '伍分'],
  ['1.00', '壹元整'],
  ['10.50', '壹拾元伍角整'],
  ['3.05', '叁元零伍分'],
  ['1004.00', '壹仟零肆元整'],
  ['10050.07', '壹万零伍拾元零柒分'],
  ['160000.00', '壹拾陆万元整'],
  ['100010000.01', '壹亿零壹万元零壹分'],
  ['9999999999.99', '玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
];
withPage('amounts in Chinese capitals', {}, async (page) => {
  for (const [amount, capitals] of CAPITALS) {
    await paste(page, order([line({ taxRate: '0', taxExcludedAmount: amount, tax: '0.00', taxIncludedAmount: amount })]));
    assert.equal(await page.textContent('[data-test=capitals]'), capitals, amount);
  }
});

withPage('a file is opened, one in GBK with a word about it', {}, async (page) => {
  const folder = mkdtempSync(join(tmpdir(), 'nnopen-'));
  try {
    const utf8 = join(folder, 'a.json');
    writeFileSync(utf8, `\ufeff${JSON.stringify(order([line({ price: '1', num: '1' })])).replaceAll(',', ',\r\n')}`);
    await page.setInputFiles('input[type=file]', utf8);
    await page.getByText('已打开 a.json').waitFor();
    assert.equal(await page.textContent('[data-test=gross]'), '¥1.00');
    assert.equal(await page.locator('[data-test=violations] li.error').count(), 0);
    const gbk = join(folder, 'b.json');
    // {"order":{"buyerName":"中国"}}
    writeFileSync(gbk, Buffer.concat([Buffer.from('{"order":{"buyerName":"'), Buffer.from([0xd6, 0xd0, 0xb9, 0xfa]), Buffer.from('"}}')]));
    await page.setInputFiles('input[type=file]', gbk);
    await page.getByText(/按 GBK 读入/).waitFor();
    assert.match(await page.textContent('.cm-content'), /中国/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

withPage('a link carries the order, and no secret', {}, async (page) => {
  await page.click('[data-view=request]');
  await page.fill('#appSecret', 'MY-VERY-SECRET-1');
  await page.fill('#accessToken', 'MY-VERY-TOKEN-2');
  await page.click('[data-view=order]');
  await paste(page, order([line({ price: '7.77', num: '1' })], { orderNo: 'LINKED-1' }));
  await page.getByRole('button', { name: '复制链接' }).click();
  await page.waitForFunction(() => location.hash.startsWith('#o='));
  const hash = new URL(page.url()).hash;
  const packed = Buffer.from(hash.slice(3), 'base64url');
  const { inflateRawSync } = await import('node:zlib');
  const carried = inflateRawSync(packed).toString();
  assert.match(carried, /LINKED-1/);
  assert.doesNotMatch(carried + hash, /MY-VERY|SD000000/);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.waitForSelector('[data-test=gross]');
  assert.equal(await other.textContent('[data-test=gross]'), '¥7.77');
  await other.click('[data-view=request]');
  assert.notEqual(await other.inputValue('#appSecret'), 'MY-VERY-SECRET-1');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.doesNotMatch(kept, /MY-VERY|SD000000|LINKED/);
});

withPage('a broken link changes nothing', { hash: '#o=%%%' }, async (page) => {
  assert.equal(await page.textContent('[data-test=gross]'), '¥3,198.00');
});

withPage('an order of 2000 broken lines stays usable', {}, async (page) => {
  const lines = Array.from({ length: 2000 }, (_, index) => line({ goodsName: `货物${index}`, price: '1x', num: '2' }));
  await paste(page, order(lines));
  await page.getByText(/2000 处错误/).waitFor();
  assert.ok((await page.locator('main *').count()) < 5000, 'not everything is drawn at once');
  await page.getByRole('button', { name: /^还有 \d+ 处$/ }).click();
  await page.getByRole('button', { name: '字段', exact: true }).click();
  await page.getByRole('button', { name: /有错误的项（2000）/ }).click();
  await page.getByText('第 2 项，共 2000 项').waitFor();
  const price = page.locator(`[id="order.invoiceDetail[1].price"]`);
  await price.fill('3');
  await price.press('Tab');
  await page.getByText(/1999 处错误/).waitFor();
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  // Cut off in the middle: the place is shown.
  await paste(page, JSON.stringify(order(lines), undefined, 1).slice(0, 150_000));
  await page.getByText(/不是合法的 JSON/).first().waitFor();
  await page.getByText('1 处错误').waitFor();
});
