// Plaid's client for Node goes through Link in a sandbox and provokes its refusals. It reads the addresses of the sandboxes
// from the standard input, and prints a JSON line for each check:
//
//   {"check": name}                    it passed
//   {"check": name, "error": text}     it failed
//   {"check": name, "refusal": {...}}  an error as the client returns it, for the test in Go to check
//
// The last line is {"done": number of checks}.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Configuration, PlaidApi } from 'plaid';

const { running, ready } = JSON.parse(await text(process.stdin));

// client returns Plaid's client. A header that is undefined is not sent.
function client(site, headers = {}) {
  const usual = { 'PLAID-CLIENT-ID': site.client_id, 'PLAID-SECRET': site.secret };
  return new PlaidApi(
    new Configuration({
      basePath: site.url,
      baseOptions: { headers: { ...usual, ...headers }, timeout: 20_000, proxy: false },
    }),
  );
}

const plaid = client(running);
const late = client(ready);

const request = (more = {}) => ({
  client_name: 'Example App',
  language: 'en',
  country_codes: ['US'],
  user: { client_user_id: 'user-123' },
  products: ['auth'],
  ...more,
});
const create = async (more, by = plaid) => (await by.linkTokenCreate(request(more))).data;
const get = async (link_token, by = plaid) => (await by.linkTokenGet({ link_token })).data;
const exchange = async (public_token, by = plaid) => (await by.itemPublicTokenExchange({ public_token })).data;
const makePublicToken = async (institution_id, by = plaid) =>
  (await by.sandboxPublicTokenCreate({ institution_id, initial_products: ['auth'] })).data;

const linked = async () => exchange((await makePublicToken('ins_109508')).public_token);

// finish ends a Link session as a user does. Only the sandbox has this path.
async function finish(link_token, outcome) {
  const response = await fetch(`${running.url}/_sandbox/link/finish`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ link_token, outcome }),
    signal: AbortSignal.timeout(20_000),
  });
  assert.equal(response.status, 200);
  return response.json();
}

// bare sends no credentials in its headers.
const bare = client(running, { 'PLAID-CLIENT-ID': undefined, 'PLAID-SECRET': undefined });

const minutes = (n) => n * 60_000;
const about = (time, expected) => assert.ok(Math.abs(Date.parse(time) - expected) < minutes(1), `${time} is not expected`);

let count = 0;
const print = (line) => console.log(JSON.stringify(line));

// passes checks what must work.
async function passes(check, fn) {
  count++;
  try {
    await fn();
    print({ check });
  } catch (error) {
    print({ check, error: String(error.message || error) });
  }
}

// properties are those of an error; the test in Go gets the first five.
const properties = [
  ...['error_type', 'error_code', 'error_message', 'request_id', 'documentation_url'],
  ...['display_message', 'suggested_action'],
];

// refused checks what must be refused.
async function refused(check, fn) {
  count++;
  try {
    await fn();
    print({ check, error: 'it was not refused' });
  } catch (error) {
    const body = error.response?.data;
    if (body === undefined) {
      print({ check, error: String(error.message) });
      return;
    }
    print({
      check,
      refusal: {
        status: error.response.status,
        ...Object.fromEntries(properties.slice(0, 5).map((name) => [name, body[name]])),
        nothing_to_show: body.display_message === null && body.suggested_action === null,
        unknown_properties: Object.keys(body).filter((name) => !properties.includes(name)).length,
      },
    });
  }
}

let linkToken, item;

await passes('a link token is created', async () => {
  const created = await create();
  assert.match(created.link_token, /^link-sandbox-/);
  about(created.expiration, Date.now() + minutes(4 * 60));
  assert.ok(created.request_id);
  assert.deepEqual(Object.keys(created).sort(), ['expiration', 'link_token', 'request_id']);
  linkToken = created.link_token;
});
await passes('credentials in the body are accepted', () =>
  create({ client_id: running.client_id, secret: running.secret }, bare),
);
await passes('a hosted page has a URL', async () => {
  const created = await create({ hosted_link: {}, webhook: 'https://example.com/webhook' });
  assert.match(created.hosted_link_url, /^https?:\/\/./);
  about(created.expiration, Date.now() + minutes(30));
});
await passes('a link token is read back', async () => {
  const got = await get(linkToken);
  assert.equal(got.link_token, linkToken);
  about(got.created_at, Date.now());
  assert.equal(Date.parse(got.expiration) - Date.parse(got.created_at), minutes(4 * 60));
  assert.equal(got.link_sessions?.length ?? 0, 0);
  assert.deepEqual(got.metadata, {
    client_name: 'Example App',
    country_codes: ['US'],
    initial_products: ['auth'],
    language: 'en',
    redirect_uri: null,
    webhook: null,
  });
});
await passes('a success has a public token, which is exchanged', async () => {
  const ended = await finish(linkToken, 'success');
  assert.equal(ended.public_tokens.length, 1);
  const [session, ...others] = (await get(linkToken)).link_sessions;
  assert.deepEqual(others, []);
  assert.equal(session.link_session_id, ended.link_session_id);
  about(session.started_at, Date.now());
  about(session.finished_at, Date.now());
  assert.equal(session.exit ?? null, null);
  assert.deepEqual([session.events[0].event_name, session.events.at(-1).event_name], ['OPEN', 'HANDOFF']);
  const [added, ...more] = session.results.item_add_results;
  assert.deepEqual(more, []);
  assert.equal(added.public_token, ended.public_tokens[0]);
  assert.equal(added.institution.institution_id, 'ins_109508');
  assert.deepEqual([added.accounts[0].type, added.accounts[0].subtype], ['depository', 'checking']);
  assert.equal(session.on_success.public_token, added.public_token);
  assert.deepEqual(session.on_success.metadata.accounts, added.accounts);

  item = await exchange(added.public_token);
  assert.match(item.access_token, /^access-sandbox-/);
  assert.deepEqual(Object.keys(item).sort(), ['access_token', 'item_id', 'request_id']);
});
await passes('an exit has no public token', async () => {
  const created = await create();
  assert.deepEqual((await finish(created.link_token, 'exit')).public_tokens, []);
  const [session] = (await get(created.link_token)).link_sessions;
  assert.equal(session.results ?? null, null);
  assert.equal(session.on_success ?? null, null);
  assert.equal(session.exit.error, null);
  assert.equal(session.exit.metadata.status, 'requires_credentials');
  assert.deepEqual(session.on_exit, session.exit);
  assert.equal(session.events.at(-1).event_name, 'EXIT');
});
await passes('update mode keeps the Item', async () => {
  const created = await create({ products: undefined, access_token: item.access_token });
  about(created.expiration, Date.now() + minutes(30));
  const [again] = (await finish(created.link_token, 'success')).public_tokens;
  assert.deepEqual({ ...(await exchange(again)), request_id: '' }, { ...item, request_id: '' });
});
await passes('an Item, its accounts and its institution are read', async () => {
  const { access_token } = item;
  const read = (await plaid.itemGet({ access_token })).data;
  assert.equal(read.item.item_id, item.item_id);
  assert.equal(read.item.error, null);
  const { accounts } = (await plaid.accountsGet({ access_token })).data;
  assert.deepEqual(accounts.map((a) => [a.name, a.mask, a.balances.current]), [['Plaid Checking', '0000', 110]]);
  const { institution_id } = read.item;
  const { institution } = (await plaid.institutionsGetById({ institution_id, country_codes: ['US'] })).data;
  assert.equal(institution.name, 'First Platypus Bank');
});
await passes('the address of webhooks changes', async () => {
  const { access_token } = item;
  const webhook = 'http://127.0.0.1:1/plaid';
  assert.equal((await plaid.itemWebhookUpdate({ access_token, webhook })).data.item.webhook, webhook);
  const fire = { access_token, webhook_code: 'NEW_ACCOUNTS_AVAILABLE' };
  assert.equal((await plaid.sandboxItemFireWebhook(fire)).data.webhook_fired, true);
  assert.equal((await plaid.itemWebhookUpdate({ access_token, webhook: null })).data.item.webhook, null);
});
await passes('a lost login is repaired', async () => {
  const { access_token } = item;
  const code = async () => (await plaid.itemGet({ access_token })).data.item.error?.error_code;
  assert.equal((await plaid.sandboxItemResetLogin({ access_token })).data.reset_login, true);
  assert.equal(await code(), 'ITEM_LOGIN_REQUIRED');
  await finish((await create({ products: undefined, access_token })).link_token, 'success');
  assert.equal(await code(), undefined);
});
await passes('a token is replaced, and its Item removed', async () => {
  const { access_token } = await linked();
  const { new_access_token } = (await plaid.itemAccessTokenInvalidate({ access_token })).data;
  assert.match(new_access_token, /^access-sandbox-/);
  assert.notEqual(new_access_token, access_token);
  assert.deepEqual(Object.keys((await plaid.itemRemove({ access_token: new_access_token })).data), ['request_id']);
});
await passes('a user is made once, changed, read and removed', async () => {
  const made = [await plaid.userCreate({ client_user_id: 'u' }), await plaid.userCreate({ client_user_id: 'u' })];
  assert.deepEqual(made.map((m) => m.status), [201, 200]);
  const { user_id } = made[0].data;
  assert.match(user_id, /^usr_/);
  assert.equal(made[1].data.user_id, user_id);
  const name = { given_name: 'Anna', family_name: 'Charleston' };
  await plaid.userUpdate({ user_id, identity: { name } });
  assert.deepEqual((await plaid.userGet({ user_id })).data.identity.name, name);
  assert.equal((await create({ user: undefined, user_id })).user_id, user_id);
  await plaid.userRemove({ user_id });
  const gone = await plaid.userGet({ user_id }).catch((error) => error.response);
  assert.deepEqual([gone.status, gone.data.error_type, gone.data.error_code], [400, 'USER_ERROR', 'USER_NOT_FOUND']);
});
await passes('personal data that cannot be right has a status of its own', async () => {
  const identity = { phone_numbers: [{ data: '1', primary: true }] };
  const bad = await plaid.userCreate({ client_user_id: 'v', identity }).catch((error) => error.response);
  assert.deepEqual([bad.status, bad.data.error_code], [403, 'INVALID_USER_IDENTITY_DATA']);
});
await passes('a public token is created without Link', async () => {
  const created = await makePublicToken('ins_109509');
  assert.match(created.public_token, /^public-sandbox-/);
  assert.notEqual((await exchange(created.public_token)).item_id, item.item_id);
});
await passes('the key of webhooks is read', async () => {
  const { key } = (await late.webhookVerificationKeyGet({ key_id: ready.key_id })).data;
  const { x, y, created_at, ...rest } = key;
  assert.deepEqual(rest, { alg: 'ES256', crv: 'P-256', expired_at: null, kid: ready.key_id, kty: 'EC', use: 'sig' });
  assert.ok(Number.isInteger(created_at));
  await webcrypto.subtle.importKey('jwk', key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
});
await passes('a correlation id is exchanged', async () => {
  const { data } = await late.linkOauthCorrelationIdExchange({ link_correlation_id: ready.correlation_id });
  assert.match(data.link_token, /^link-sandbox-/);
});

await refused('another client id', () => create({}, client(running, { 'PLAID-CLIENT-ID': 'other' })));
await refused('another secret', () => create({}, client(running, { 'PLAID-SECRET': 'other' })));
await refused('another secret in the body', () => create({ secret: 'other' }));
await refused('no credentials', () => create({}, bare));

await refused('a later version', () => create({}, client(running, { 'Plaid-Version': '2026-01-01' })));
await refused('a body over 1 MiB', () => create({ client_name: 'x'.repeat(1 << 20) }));
await refused('an operation that the sandbox lacks', () =>
  plaid.transactionsSync({ access_token: 'access-sandbox-1' }),
);

await refused('a filter without its subtypes', () => create({ account_filters: { depository: {} } }));
await refused('an empty name', () => create({ client_name: '' }));
await refused('a country that does not exist', () => create({ country_codes: ['XX'] }));
await refused('no country', () => create({ country_codes: [] }));
await refused('more days than there are', () => create({ transactions: { days_requested: 731 } }));
await refused('a hosted URL for more than 21 days', () =>
  create({ hosted_link: { url_lifetime_seconds: 21 * 24 * 60 * 60 + 1 } }),
);
await refused('an SMS to nobody', () => create({ hosted_link: { delivery_method: 'sms' } }));
await refused('an unknown correlation id', () => plaid.linkOauthCorrelationIdExchange({ link_correlation_id: '147dda43' }));

await refused('an unknown link token', () => get('link-sandbox-1'));
await refused('a link token of production', () => get('link-production-1'));
await refused('a link token of development', () => get('link-development-1'));
await refused('an expired link token', () => get(ready.expired_link_token, late));

await refused('an unknown public token', () => exchange('public-sandbox-1'));
await refused('a public token of production', () => exchange('public-production-1'));
await refused('a public token for the second time', async () => {
  const { public_token } = await makePublicToken('ins_109508');
  await exchange(public_token);
  await exchange(public_token);
});
await refused('an expired public token', () => exchange(ready.expired_public_token, late));

await refused('an unknown access token', () => create({ access_token: 'access-sandbox-1' }));
await refused('an access token of production', () => create({ access_token: 'access-production-1' }));
await refused('an unknown access token in the list', () => create({ access_tokens: ['access-sandbox-1'] }));

await refused('a replaced access token', async () => {
  const { access_token } = await linked();
  await plaid.itemAccessTokenInvalidate({ access_token });
  await plaid.itemGet({ access_token });
});
await refused('a removed Item', async () => {
  const { access_token } = await linked();
  await plaid.itemRemove({ access_token });
  await plaid.itemRemove({ access_token });
});
await refused('an Item that needs a new login', async () => {
  const { access_token } = await linked();
  await plaid.sandboxItemResetLogin({ access_token });
  await plaid.accountsGet({ access_token });
});
await refused('an account of another Item', async () => {
  const { access_token } = await linked();
  await plaid.accountsGet({ access_token, options: { account_ids: ['account-1'] } });
});
const fire = async (webhook_code, webhook) => {
  const { access_token } = await linked();
  if (webhook) await plaid.itemWebhookUpdate({ access_token, webhook });
  await plaid.sandboxItemFireWebhook({ access_token, webhook_code });
};
await refused('a webhook to nowhere', () => fire('LOGIN_REPAIRED'));
await refused('a webhook of another product', () => fire('PRODUCT_READY', 'http://127.0.0.1:1'));
await refused('a webhook that cannot be fired', () => fire('PENDING_EXPIRATION', 'http://127.0.0.1:1'));
await refused('an unknown user token', () => plaid.userUpdate({ user_token: 'user-sandbox-1' }));

await refused('balance, which is not a product of Link', () => create({ products: ['auth', 'balance'] }));
await refused('an institution of another form', () => makePublicToken('109508'));
await refused('an unknown key of webhooks', () => plaid.webhookVerificationKeyGet({ key_id: '1' }));

await refused('a rate limit', () => makePublicToken('ins_109508', late));
await refused('a failure of the server', () => create({}, late));

print({ done: count });
