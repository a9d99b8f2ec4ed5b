// The order drawn as the digital invoice that people know.

import { NnopenError } from 'nnopen';
import { useState } from 'preact/hooks';

import { model } from '../core.js';
import { child, plain, type Value } from '../json.js';
import { capitals, grouped, percent } from '../money.js';
import { fillIn, filled, lacking, lines, order } from '../state.js';
import { say } from '../words.js';

export function Invoice() {
  if (!order.value) return null;
  const made = filled.value;
  const reason = made instanceof NnopenError ? made.violations[0] : undefined;
  const whole = made && !(made instanceof NnopenError) ? made : undefined;
  const shown = whole?.value ?? order.value;
  const get = (name: string) => plain(child(shown, name));
  const total = whole?.totals;
  return (
    <section aria-labelledby="invoice">
      <div class="row heading">
        <h2 id="invoice">{say('发票预览', 'The invoice')}</h2>
        {lacking.value && (
          <button type="button" class="small" data-test="fill" onClick={fillIn}>
            {say('把算出的金额填入参数', 'Fill in the amounts')}
          </button>
        )}
      </div>
      {reason && (
        <p class="bad" role="status">
          {say(`金额算不出来：${reason.path} ${reason.message}`, `The amounts cannot be worked out: ${reason.path} ${reason.messageEn}`)}
        </p>
      )}
      {lacking.value && <p class="hint">{say('斜体的金额由单价、数量和税率算出。', 'Amounts in italics were worked out from price, quantity and rate.')}</p>}
      <div class="paper" data-test="invoice">
        <div class="sheet">
          <div class="mark" data-text={say('预览', 'PREVIEW')} />
          <div class="title">
            <strong>{kind(get('invoiceLine'))}</strong>
            <span class="not">{say('预览 · 不是发票', 'Preview · not an invoice')}</span>
            <dl>
              <dt>{say('发票号码', 'Invoice no.')}</dt>
              <dd>{say('（开出后才有）', '(once it is issued)')}</dd>
              <dt>{say('订单日期', 'Order date')}</dt>
              <dd>{get('invoiceDate').slice(0, 10)}</dd>
            </dl>
          </div>
          <div class="parties">
            <Party title={say('购买方', 'Buyer')} name={get('buyerName')} number={get('buyerTaxNum')} />
            <Party title={say('销售方', 'Seller')} name={say('（以平台登记为准）', '(as the platform has it)')} number={get('salerTaxNum')} />
          </div>
          <Lines shown={shown} />
          <div class="sums">
            <span>{say('合计', 'Total')}</span>
            <span class="money" data-test="net">{money(total?.taxExcludedAmount)}</span>
            <span class="money" data-test="tax">{money(total?.tax)}</span>
          </div>
          <div class="grand">
            <span>{say('价税合计（大写）', 'In capitals')}</span>
            <span lang="zh-CN" data-test="capitals">{total ? capitals(total.taxIncludedAmount) : '—'}</span>
            <span>{say('（小写）', 'With tax')}</span>
            <strong class="money" data-test="gross">{money(total?.taxIncludedAmount)}</strong>
          </div>
          <div class="remark">
            <span>{say('备注', 'Remark')}</span>
            <p>{remarks(get)}</p>
          </div>
          <p class="clerk">
            {say('开票人：', 'Issued by: ')}
            {get('clerk')}
          </p>
        </div>
      </div>
    </section>
  );
}

function Party({ title, name, number }: { title: string; name: string; number: string }) {
  return (
    <div>
      <span class="side">{title}</span>
      <p>
        {say('名称：', 'Name: ')}
        <b>{name}</b>
      </p>
      <p>
        {say('统一社会信用代码/纳税人识别号：', 'Tax number: ')}
        <b>{number}</b>
      </p>
    </div>
  );
}

/** Lines that are drawn at once. */
const SOME = 50;

function Lines({ shown }: { shown: Value }) {
  const [most, setMost] = useState(SOME);
  const all = lines(shown);
  const given = lines(order.value);
  return (
    <>
      <div class="wide" tabIndex={0} role="region" aria-label={say('发票明细，可横向滚动', 'Lines of the invoice; they scroll sideways')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('项目名称', 'Item')}</th>
              <th scope="col">{say('规格型号', 'Type')}</th>
              <th scope="col">{say('单位', 'Unit')}</th>
              <th scope="col">{say('数量', 'Quantity')}</th>
              <th scope="col">{say('单价', 'Price')}</th>
              <th scope="col">{say('金额', 'Amount')}</th>
              <th scope="col">{say('税率/征收率', 'Rate')}</th>
              <th scope="col">{say('税额', 'Tax')}</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, most).map((line, index) => (
              <Line key={index} line={line} given={given[index]} />
            ))}
          </tbody>
        </table>
      </div>
      {all.length > most && (
        <button type="button" class="small outline" onClick={() => setMost(most + 10 * SOME)}>
          {say(`还有 ${all.length - most} 行`, `${all.length - most} more lines`)}
        </button>
      )}
    </>
  );
}

function Line({ line, given }: { line: Value; given: Value | undefined }) {
  const get = (name: string) => plain(child(line, name));
  const amount = (name: string) => {
    const workedOut = plain(child(given, name)) === '' && get(name) !== '';
    return <td class={workedOut ? 'money made' : 'money'}>{grouped(get(name))}</td>;
  };
  return (
    <tr>
      <td>{get('goodsName')}</td>
      <td>{get('specType')}</td>
      <td>{get('unit')}</td>
      <td class="money">{get('num')}</td>
      <td class="money">
        {get('price')}
        {get('price') && get('withTaxFlag') === '1' && <small>{say('含税', 'with tax')}</small>}
      </td>
      {amount('taxExcludedAmount')}
      <td class="money">{rate(get)}</td>
      {amount('tax')}
    </tr>
  );
}

function rate(get: (name: string) => string): string {
  const zero = get('zeroRateFlag');
  const words = zero ? model.enums.zeroRate?.codes.find(({ code }) => code === zero) : undefined;
  return words && zero !== '3' ? say(words.zh, words.en) : percent(get('taxRate'));
}

/** The face's own name: 电子发票（增值税专用发票）. */
function kind(line: string): string {
  const faces: { readonly [line: string]: readonly [string, string] } = {
    bs: ['电子发票（增值税专用发票）', 'E-invoice (special VAT invoice)'],
    pc: ['电子发票（普通发票）', 'E-invoice (ordinary invoice)'],
  };
  const face = faces[line];
  const words = model.enums.invoiceLine?.codes.find(({ code }) => code === (line || 'p'));
  return face ? say(...face) : words ? say(words.zh, words.en) : line;
}

function remarks(get: (name: string) => string): string {
  const contact = (side: string, [zh, en]: [string, string]) =>
    [[get(`${side}Address`), get(`${side}Tel`)], [get(`${side}Account`)]]
      .map((parts) => parts.filter(Boolean).join(' '))
      .filter(Boolean)
      .map((part) => `${say(zh, en)}${part}`);
  return [get('remark'), ...contact('buyer', ['购方：', 'Buyer: ']), ...contact('saler', ['销方：', 'Seller: '])].filter(Boolean).join('\n');
}

function money(amount: string | undefined): string {
  return amount === undefined ? '—' : `¥${grouped(amount)}`;
}
