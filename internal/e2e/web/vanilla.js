// An application without a framework. The tests drive it by window.app, and read what its callbacks got.
(() => {
  const calls = [];
  const handlers = {};
  const made = {};

  // create makes a handler in the way of Plaid's smallest example: the function is called on its own.
  function create(id, { label, opens, embedded, ...config }) {
    const record = (name) => (...args) => calls.push({ id, label: label || '', name, args });
    const { create: createHandler } = window.Plaid;
    made[id] = { label, ...config };
    const all = { ...config, onSuccess: record('onSuccess'), onExit: record('onExit'), onEvent: record('onEvent'), onLoad: record('onLoad') };
    if (embedded) {
      const place = document.createElement('div');
      place.style.cssText = 'width: min(500px, 100%); height: 400px';
      document.body.prepend(place);
      handlers[id] = window.Plaid.createEmbedded(all, place);
      return;
    }
    handlers[id] = createHandler(all);
    if (opens) handlers[id].open();
  }

  window.app = {
    calls,
    mount: create,
    change(id, props) {
      handlers[id].destroy();
      create(id, { ...made[id], ...props });
    },
    unmount(id) {
      handlers[id].destroy();
      delete handlers[id];
    },
    ready: (id) => Boolean(handlers[id]),
    error: () => null,
    open: (id) => handlers[id].open(),
    exit: (id, options) => handlers[id].exit(options),
  };
})();
