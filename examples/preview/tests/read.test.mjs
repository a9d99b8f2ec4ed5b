// What came from the platform, and what its codes mean.

import assert from 'node:assert/strict';

import { withPage } from './support.mjs';

for (const [lang, done, refused] of [
  ['zh', /E0000 成功/, /E9106.*用同一订单号查询已有结果/s],
  ['en', /E0000 Success/, /E9106.*Query that order number and adopt its result/s],
]) {
  withPage(`answers are read (${lang})`, { lang }, async (page) => {
    await page.click('[data-view=read]');
    const answer = page.locator('[data-test=answer]');
    await answer.locator('[data-test=examples]').selectOption('0');
    assert.match(await answer.locator('[role=status]').first().textContent(), done);
    await answer.locator('textarea').fill('{"code":"E9106","describe":"订单号不能重复"}');
    assert.match(await answer.locator('[role=status]').first().textContent(), refused);
    await answer.locator('textarea').fill('<html>502</html>');
    await answer.locator('input').fill('502');
    assert.match(await answer.locator('[role=status]').first().textContent(), lang === 'zh' ? /先按订单号查询/ : /ask by order number first/);
  });

  withPage(`pushes are read, as JSON and as a form (${lang})`, { lang }, async (page) => {
    await page.click('[data-view=read]');
    const push = page.locator('[data-test=push]');
    await push.locator('[data-test=examples]').selectOption('0');
    const told = push.locator('[role=status]').first();
    assert.match(await told.textContent(), /NN2026092200001/);
    assert.match(await told.textContent(), /queryInvoiceResult/);
    assert.match(await told.textContent(), /PDF/);
    await push.getByRole('switch').check();
    const content = encodeURIComponent('{"c_orderno":"A-9","c_status":"1"}');
    await push.locator('textarea').fill(`operater=callback&orderno=A-9&content=${content}`);
    assert.match(await told.textContent(), /A-9/);
    await push.locator('textarea').fill('nothing of the kind');
    assert.equal(await told.locator('.bad').count(), 1);
  });

  withPage(`codes are looked up (${lang})`, { lang }, async (page) => {
    await page.click('[data-view=codes]');
    const told = page.locator('[data-test=meanings]');
    assert.match(await told.textContent(), refused);
    await page.getByRole('searchbox').fill('no such code');
    assert.match(await told.textContent(), lang === 'zh' ? /没有登记这个码/ : /not known/);
  });
}
