// The script of a page in a frame: it sends the forms of the page without leaving it, so that the browser's history stays that
// of the application, and reports to the application.
(() => {
  'use strict';
  const own = document.currentScript;
  let report = JSON.parse(own.dataset.report);
  const origin = report.origin;
  let busy = false;
  let bankWindow = null;

  if (report.close) window.close();
  if (!origin || window.parent === window) return;

  // notify sends a message to the application, and to no page of another origin.
  const notify = (message) => window.parent.postMessage({ ...message, from: 'plaidlink' }, origin);

  // show replaces the page by another one of the sandbox.
  function show(html) {
    const next = new DOMParser().parseFromString(html, 'text/html');
    const script = next.querySelector('script[data-report]');
    if (!script) throw new Error('the sandbox does not respond with a page of Link');
    report = JSON.parse(script.dataset.report);
    document.title = next.title;
    const focus = next.querySelector('[autofocus]');
    if (focus) focus.removeAttribute('autofocus'); // which browsers refuse in a frame, with a message
    document.body.replaceWith(next.body);
    if (focus) focus.focus();
    window.scrollTo(0, 0);
    if (report.go) notify({ type: 'redirect', path: report.go });
    else notify({ type: 'page', report });
  }

  // send posts a form, and shows the page that comes back; it returns whether one did.
  async function send(action, fields) {
    if (busy) return false;
    busy = true;
    try {
      const response = await fetch(action, { method: 'POST', body: fields });
      show(await response.text());
      return true;
    } catch (error) {
      notify({ type: 'lost', leaving: ['exit', 'force', 'open'].includes(fields.get('do')), reason: String(error) });
      return false;
    } finally {
      busy = false;
    }
  }

  // visitBank opens the page of a bank in a window of its own, or leaves the application for it where a browser has none: in
  // the web view of an app, or when it blocks windows.
  async function visitBank(action, fields) {
    if (bankWindow && !bankWindow.closed) {
      bankWindow.focus();
      return;
    }
    const { bank, path, redirects } = report;
    const webView = /; wv\)|\(iP(hone|ad|od)(?!.*Safari\/)/.test(navigator.userAgent);
    bankWindow = webView ? null : window.open('about:blank', '_blank', 'popup,width=520,height=760');
    if (!bankWindow) {
      notify({ type: 'blocked', redirects });
      if (!redirects) return;
      fields.set('do', 'redirect');
      await send(action, fields);
      return;
    }
    if (!(await send(action, fields))) {
      bankWindow.close();
      return;
    }
    bankWindow.location.replace(new URL(bank, location.href));
    const watch = setInterval(() => {
      if (!bankWindow.closed || busy) return;
      clearInterval(watch);
      send(path, new URLSearchParams({ do: 'closed' }));
    }, 100);
  }

  document.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(event.target, event.submitter));
    const action = event.target.getAttribute('action');
    if (report.embedded) notify({ type: 'tile', institution: fields.get('institution') });
    else if (report.bank && fields.get('do') === 'next') visitBank(action, fields);
    else send(action, fields);
  });

  window.addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== window.parent || !event.data || event.data.from !== 'plaidlink') return;
    const { type, token, state, institution, force } = event.data;
    if (type === 'open') {
      const fields = new URLSearchParams({ do: 'open', link_token: token || '', oauth_state_id: state || '' });
      if (institution) fields.set('institution', institution);
      send(`/link/web/?origin=${encodeURIComponent(origin)}`, fields);
    } else if (type === 'exit') {
      const form = document.querySelector('form');
      send(form ? form.getAttribute('action') : report.path, new URLSearchParams({ do: force ? 'force' : 'exit' }));
    }
  });

  notify({ type: 'loaded' });
})();
