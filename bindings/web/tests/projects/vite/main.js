import { check, init, methods } from 'nnopen';
import { loadModel } from 'nnopen/model';

await init();
const { violations } = check(methods.invoicing.requestBillingNew, {});
const { methods: all } = await loadModel();
document.querySelector('#told').textContent = `${violations[0].path} ${all.length}`;
