import { createHmac, randomInt, randomUUID } from 'node:crypto';

import { fresh, settings } from './order.mjs';

const { order } = fresh();
const { appKey, appSecret, taxNum, serviceUrl: url } = settings;
const form = new URLSearchParams({ client_id: appKey, client_secret: appSecret, grant_type: 'client_credentials' });
const { access_token: accessToken } = await (await fetch(settings.tokenUrl, { method: 'POST', body: form })).json();

// BLOCK

if (code !== 'E0000' || !result.invoiceSerialNum) throw new Error(code);
