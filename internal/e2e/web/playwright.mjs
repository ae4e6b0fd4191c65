// The recipe for Playwright of docs/testing-in-a-browser.md: it connects a bank in a page of an application, and prints what
// onSuccess got. Arguments: the path of Chromium, the address of the sandbox, that of the page.
import { chromium } from 'playwright-core';

const [executablePath, sandbox, address] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
const page = await browser.newPage();
page.setDefaultTimeout(20_000);

const script = await (await fetch(`${sandbox}/link/v2/stable/link-initialize.js`)).text();
await page.route('https://cdn.plaid.com/**', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));

await page.goto(address);
await page.getByRole('button', { name: 'Connect a bank' }).click();
const link = page.frameLocator('#plaid-link-iframe-1');
await link.getByRole('button', { name: 'Continue' }).click();
await link.getByRole('button', { name: 'First Platypus Bank' }).click();
await link.getByLabel('User name').fill('user_good');
await link.getByLabel('Password').fill('pass_good');
await link.getByRole('button', { name: 'Sign in' }).click();
await link.getByLabel('Plaid Checking').check();
await link.getByRole('button', { name: 'Continue' }).click();
await link.getByRole('button', { name: 'Connect' }).click();
console.log(await page.locator('#status', { hasText: 'connected' }).innerText());
await browser.close();
