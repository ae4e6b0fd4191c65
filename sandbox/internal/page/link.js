// Link for web pages, served by the plaidlink sandbox in place of Plaid's script: window.Plaid, with an interface of the same
// form. It shows pages of the sandbox in a frame, and talks to the sandbox it was loaded from and to nobody else.
(() => {
  'use strict';
  const SANDBOX = '{{origin}}';
  const SLOW = 2000; // milliseconds that the sandbox may take for what is done at once elsewhere
  const explain = (text) => console.error(`Plaid Link (sandbox): ${text}`);

  if (window.Plaid) {
    console.warn('Plaid Link (sandbox): the link-initialize.js script was embedded more than once. Remove all script tags but one; the first one counts.');
    return;
  }

  let made = 0; // frames, which number their ids
  const channels = new Set(); // of frames in the page
  let locks = 0; // frames that are open
  let overflow = ''; // of the body, before the first one opened

  // lock keeps the page from scrolling while Link is open, and unlock brings back what was before.
  function lock() {
    if (locks++ > 0) return;
    overflow = document.body.style.overflow;
    document.body.style.overflow = 'hidden';
  }
  function unlock() {
    if (--locks === 0) document.body.style.overflow = overflow;
  }

  // call runs a callback of the application. What it throws goes to window.onerror, and stops nothing here.
  function call(callback, ...args) {
    if (typeof callback !== 'function') return;
    try {
      callback(...args);
    } catch (error) {
      setTimeout(() => { throw error; });
    }
  }

  function whenBody(fn) {
    if (document.body) fn();
    else document.addEventListener('DOMContentLoaded', fn, { once: true });
  }

  window.addEventListener('message', (event) => {
    if (!event.data || event.data.from !== 'plaidlink' || !event.source) return;
    for (const channel of channels) {
      if (event.source === channel.frame.contentWindow && event.origin === SANDBOX) {
        channel.receive(event.data);
        return;
      }
    }
    if (event.origin !== SANDBOX) explain(`a message from ${event.origin} was ignored: Link takes messages only from its own frame, at ${SANDBOX}.`);
  });

  // newChannel makes a frame with a page of the sandbox. The page reports by receive; lost is called where there is no page.
  function newChannel(id, query, receive, lost) {
    const frame = document.createElement('iframe');
    frame.id = id;
    frame.title = 'Plaid Link';
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups');
    frame.src = `${SANDBOX}/link/web/?origin=${encodeURIComponent(location.origin)}${query}`;
    let ready = false;
    const channel = {
      frame,
      receive(message) {
        if (message.type === 'loaded') ready = true;
        receive(message);
      },
      send(message) {
        if (frame.contentWindow) frame.contentWindow.postMessage({ ...message, from: 'plaidlink' }, SANDBOX);
      },
      remove() {
        channels.delete(channel);
        frame.remove();
      },
    };
    frame.addEventListener('load', () => {
      setTimeout(() => {
        if (ready || !channels.has(channel)) return;
        explain(`the sandbox does not show its page here. Is it running at ${SANDBOX}? Open the application itself at http://localhost or ` +
          `http://127.0.0.1, not from a file, under another name or in a frame of another site. This page is ${location.origin}.`);
        lost();
      }, SLOW / 2);
    });
    channels.add(channel);
    return channel;
  }

  const failure = (type, code, message) => ({ error_type: type, error_code: code, error_message: message, display_message: null });

  // stateOf returns the oauth_state_id of the address to which a bank has sent its user.
  function stateOf(address) {
    try {
      return new URL(address, location.href).searchParams.get('oauth_state_id') || '';
    } catch (error) {
      return '';
    }
  }

  // newHandler is create with an institution that the user has chosen already.
  function newHandler(config, institutionOf) {
    const returning = config.receivedRedirectUri !== undefined && config.receivedRedirectUri !== null;
    if (!config.token && !returning) {
      throw new Error('Plaid Link (sandbox): expected a token in the options of Plaid.create: the link_token of /link/token/create.');
    }
    if (typeof config.onSuccess !== 'function') explain('expected a function onSuccess in the options of Plaid.create.');
    const state = returning ? stateOf(config.receivedRedirectUri) : '';
    if (returning && !state) explain('receivedRedirectUri has no oauth_state_id: expected the whole address to which the bank has sent the user.');

    const id = `plaid-link-iframe-${++made}`;
    let channel = null;
    let loaded = false; // whether the frame can open
    let announced = false; // whether onLoad was called
    let failed = false; // whether the frame has no page
    let open = false; // from open() to the end of the session
    let shown = false;
    let leaving = null; // {force} from exit() to the end
    let again = false; // whether open() came while leaving
    let destroyed = false;
    let session = ''; // link_session_id
    let live = new Set(); // events that onEvent got before the end
    let timer = 0;
    let focused = null; // what had the focus before

    function load() {
      failed = false;
      channel = newChannel(id, '', receive, () => { failed = true; loaded = false; if (open) lose(); });
      Object.assign(channel.frame.style, {
        display: 'none', position: 'fixed', inset: '0', width: '100%', height: '100%', border: '0', zIndex: '2147483647', colorScheme: 'light dark',
      });
      document.body.prepend(channel.frame);
    }

    function show() {
      shown = true;
      focused = document.activeElement;
      lock();
      channel.frame.style.display = 'block';
      channel.frame.focus();
    }

    function hide() {
      if (!shown) return;
      shown = false;
      unlock();
      if (channel) channel.frame.style.display = 'none';
      window.focus();
      if (focused && focused.focus) focused.focus({ preventScroll: true });
      focused = null;
    }

    // begin opens Link in the frame, which is loaded.
    function begin() {
      if (leaving) return end({});
      show();
      channel.send({ type: 'open', token: config.token, state, institution: institutionOf && institutionOf() });
    }

    // end ends the session: everything is put back before a callback runs, as a callback may destroy the handler or open it again.
    function end({ events = [], success, exit }) {
      clearTimeout(timer);
      hide();
      const metadata = { institution: null, status: null, link_session_id: session, request_id: '' };
      const reopen = again;
      const rest = events.filter((event, n) => !live.has(n));
      open = again = false;
      leaving = null;
      session = '';
      live = new Set();
      rest.forEach((event) => fire(event));
      if (destroyed) return;
      if (success) call(config.onSuccess, success.public_token, success.metadata);
      else if (exit) call(config.onExit, exit.error, exit.metadata);
      else call(config.onExit, null, metadata);
      if (reopen && !destroyed && !open) handler.open();
    }

    function fire({ eventName, metadata }) {
      if (!destroyed) call(config.onEvent, eventName, metadata);
    }

    // refuse ends what cannot begin.
    function refuse(error) {
      end({ exit: { error, metadata: { institution: null, status: null, link_session_id: session, request_id: '' } } });
    }

    function lose() {
      if (leaving) end({});
      else refuse(failure('API_ERROR', 'INTERNAL_SERVER_ERROR', `the sandbox at ${SANDBOX} cannot be reached from ${location.origin}`));
    }

    function receive(message) {
      if (destroyed) return;
      const { report } = message;
      switch (message.type) {
        case 'loaded':
          loaded = true;
          failed = false;
          if (!announced) {
            announced = true;
            call(config.onLoad);
          }
          if (open && !shown && !destroyed) begin();
          break;
        case 'page':
          if (!open) break;
          session = report.session || session;
          if (report.success || report.exit) {
            end(report);
            break;
          }
          (report.events || []).forEach((event, n) => {
            if (event.eventName !== 'OPEN' || live.has(n)) return;
            live.add(n);
            fire(event);
          });
          if (leaving && channel) channel.send({ type: 'exit', force: leaving.force });
          break;
        case 'redirect':
          if (open && message.path.startsWith('/link/web/')) location.assign(SANDBOX + message.path);
          break;
        case 'blocked':
          explain(message.redirects
            ? 'the browser opens no window for the bank. The page goes to the bank, and comes back to the redirect_uri of the link token.'
            : 'the browser opens no window for the bank. Allow pop-ups for this page, or create the link token with a redirect_uri.');
          break;
        case 'lost':
          explain(`the sandbox at ${SANDBOX} does not respond (${message.reason}). Start it again, then try the last step once more.`);
          if (open && (message.leaving || leaving)) lose();
          break;
      }
    }

    const handler = {
      open() {
        if (destroyed) return;
        if (open) {
          again = again || leaving !== null;
          return;
        }
        open = true;
        whenBody(() => {
          if (destroyed || !open) return;
          if (config.token && !String(config.token).startsWith('link-sandbox-')) {
            explain('expected a token that begins with link-sandbox-. This script works with a plaidlink sandbox alone, not with Plaid.');
            setTimeout(() => open && !destroyed && refuse(failure('INVALID_INPUT', 'INVALID_LINK_TOKEN', 'the link_token was not made by this sandbox')));
          } else if (returning && !state) {
            setTimeout(() => open && !destroyed && refuse(failure('INVALID_REQUEST', 'INVALID_FIELD', 'receivedRedirectUri has no oauth_state_id')));
          } else if (failed || !channel.frame.isConnected) { // also where the application has removed the frame
            channel.remove();
            loaded = false;
            load();
          } else if (loaded) {
            begin();
          }
        });
      },
      exit(options) {
        if (destroyed || !open || leaving) return;
        leaving = { force: Boolean(options && options.force) };
        if (leaving.force) {
          hide();
          timer = setTimeout(() => end({}), SLOW);
        }
        if (session) channel.send({ type: 'exit', force: leaving.force });
        else if (!shown && !leaving.force) setTimeout(() => open && leaving && end({}));
      },
      destroy() {
        if (destroyed) return;
        destroyed = true;
        clearTimeout(timer);
        hide();
        if (channel) channel.remove();
      },
      submit() {
        explain('handler.submit is for Layer, which the sandbox does not have.');
      },
    };
    whenBody(() => { if (!destroyed) load(); });
    return handler;
  }

  window.Plaid = {
    create: (config) => newHandler(config || {}),

    createEmbedded(config, element) {
      if (!(element instanceof Element)) throw new Error('Plaid Link (sandbox): expected an element as the second argument of Plaid.createEmbedded.');
      if (window.top !== window) explain('Plaid.createEmbedded does not work in a frame: call it in the page itself.');
      let institution = '';
      const handler = newHandler(config || {}, () => institution);
      const channel = newChannel(`plaid-link-embedded-iframe-${made}`, '&embedded', (message) => {
        if (message.type !== 'tile') return;
        institution = message.institution;
        handler.open();
      }, () => {});
      Object.assign(channel.frame.style, { width: '100%', height: '100%', border: '0', colorScheme: 'light dark' });
      element.append(channel.frame);
      return {
        destroy() {
          channel.remove();
          handler.destroy();
        },
      };
    },
  };
})();
