import { check, init, methods } from 'nnopen';

await init();
const { violations } = check(methods.invoicing.requestBillingNew, {});
document.querySelector('#told').textContent = violations[0].message;
