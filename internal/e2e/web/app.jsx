// An application with react-plaid-link, in StrictMode. The tests drive it by window.app, and read what its callbacks got.
import { StrictMode, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { PlaidEmbeddedLink, usePlaidLink } from 'react-plaid-link';

const calls = [];
const handles = {};

// callbacks are those of one part of the application. They record what they got, and label: the props at that time.
const callbacks = (id, label) =>
  Object.fromEntries(
    ['onSuccess', 'onExit', 'onEvent', 'onLoad'].map((name) => [name, (...args) => calls.push({ id, label: label || '', name, args })]),
  );

function Connect({ id, label, token, receivedRedirectUri, opens }) {
  const config = { token, ...callbacks(id, label) };
  if (receivedRedirectUri) config.receivedRedirectUri = receivedRedirectUri;
  const { open, exit, ready, error } = usePlaidLink(config);
  handles[id] = { open, exit, ready, error: error ? String(error.type || error) : null };
  useEffect(() => {
    if (opens && ready) open();
  }, [opens, ready, open]);
  return (
    <button id={`open-${id}`} disabled={!ready} onClick={() => open()}>
      Connect a bank
    </button>
  );
}

function Embedded({ id, token }) {
  const [made] = useState(() => callbacks(id, ''));
  return <PlaidEmbeddedLink token={token} {...made} style={{ width: 500, height: 400 }} />;
}

let set;
function App() {
  const [parts, setParts] = useState({});
  set = setParts;
  return Object.entries(parts).map(([id, props]) =>
    props.embedded ? <Embedded key={id} id={id} {...props} /> : <Connect key={id} id={id} {...props} />,
  );
}

window.app = {
  calls,
  mount: (id, props) => flushSync(() => set((parts) => ({ ...parts, [id]: props }))),
  change: (id, props) => flushSync(() => set((parts) => ({ ...parts, [id]: { ...parts[id], ...props } }))),
  unmount: (id) => flushSync(() => set(({ [id]: _, ...rest }) => rest)),
  ready: (id) => Boolean(handles[id] && handles[id].ready),
  error: (id) => handles[id] && handles[id].error,
  open: (id) => handles[id].open(),
  exit: (id, options) => handles[id].exit(options),
};
createRoot(document.getElementById('root')).render(<StrictMode><App /></StrictMode>);
