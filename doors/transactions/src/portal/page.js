'use strict';
// The subscriber's page. Everything that is shown is written as text: what a receiver answered is a stranger's word.

const at = (id) => document.getElementById(id);
let shown = null;

function said(text) {
  at('said').textContent = text;
}

async function ask(method, path, body) {
  const headers = { 'x-api-key': sessionStorage.getItem('key') ?? '' };
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  const told = text ? JSON.parse(text) : {};
  if (!answer.ok) {
    const why = typeof told.error === 'string' ? told.error : 'That was not done.';
    throw new Error(told.hint ? `${why} ${told.hint}` : why);
  }
  return told;
}

function row(...cells) {
  const line = document.createElement('tr');
  for (const cell of cells) {
    const place = document.createElement('td');
    place.append(cell);
    line.append(place);
  }
  return line;
}

// A button that does something, says what came of it, and shows everything anew.
function button(label, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', () => doing(act));
  return made;
}

async function doing(act) {
  try {
    said('');
    const words = await act();
    await refresh();
    if (words) said(words);
  } catch (error) {
    said(error.message);
  }
}

function secret(told) {
  at('secret').hidden = !told.secret;
  at('secret-text').textContent = told.secret ?? '';
}

const of = (id, what) => `/settings/endpoints/${encodeURIComponent(id)}${what ? `/${what}` : ''}`;

async function refresh() {
  const { items } = await ask('GET', '/settings/endpoints');
  at('signed-in').hidden = false;
  at('endpoints').replaceChildren(...items.map((endpoint) => row(
    endpoint.name ? `${endpoint.name}: ${endpoint.url}` : endpoint.url,
    endpoint.status,
    endpoint.pushed ? String(endpoint.pushed.newest - endpoint.pushed.upTo) : String(endpoint.deliveries.waiting + endpoint.deliveries.held),
    String(endpoint.deliveries.dead),
    button('Look', async () => { shown = endpoint.id; secret({}); }),
  )));
  const one = items.find((endpoint) => endpoint.id === shown);
  at('one').hidden = !one;
  if (one) await show(one);
}

async function show(endpoint) {
  at('one-name').textContent = endpoint.url;
  const post = (what, body) => ask('POST', of(endpoint.id, what), body ?? {});
  const actions = [
    button('Send a test event', async () => {
      const tried = await post('test');
      const came = tried.delivered ? 'It was delivered' : `It was not delivered (${tried.fault ?? 'refused'})`;
      return `${came}: ${tried.status ?? 'no answer'} after ${Math.round(tried.milliseconds)} ms.`;
    }),
    button('New secret', async () => { secret(await post('secret')); }),
    button('Remove', async () => { await ask('DELETE', of(endpoint.id)); return 'It is removed.'; }),
  ];
  if (endpoint.status === 'Active') actions.push(button('Disable', async () => { await post('disable'); }));
  if (endpoint.status === 'Disabled') {
    actions.push(button('Enable', async () => { await post('enable'); }));
    actions.push(button('Enable, and send what was missed', async () => { await post('enable', { missed: true }); }));
  }
  if (endpoint.status === 'Unverified') {
    actions.push(button('Ask the challenge again', async () => (await post('verify')).verified ? 'It is verified.' : 'It did not answer with the token.'));
  }
  at('one-actions').replaceChildren(...actions);
  const line = (delivery, ...more) => {
    const last = delivery.attempts.at(-1);
    const came = last ? `${last.status ?? last.fault} at ${last.at}: ${last.answer.slice(0, 200)}` : '';
    return row(delivery.event, delivery.state, String(delivery.attempts.length), came, ...more);
  };
  const [newest, dead] = await Promise.all(['deliveries', 'dead'].map((what) => ask('GET', of(endpoint.id, what))));
  at('deliveries').replaceChildren(...newest.items.map((one) => line(one, button('Replay', () => again('replay', { events: [one.event] })))));
  at('dead').replaceChildren(...dead.items.map((one) => line(one, button('Retry', () => again('retry', { events: [one.event] })))));
}

async function again(what, which) {
  const done = await ask('POST', of(shown, what), which);
  return `${done.queued} queued${done.more ? ', and there are more: ask again from the last on' : ''}.`;
}

at('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('key', at('key').value.trim());
  at('key').value = '';
  doing(async () => '');
});

at('new-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const body = { url: form.get('url'), deliveryFormat: form.get('deliveryFormat'), ordered: form.has('ordered') };
  if (form.get('name')) body.name = form.get('name');
  if (form.get('bearer')) body.headers = { Authorization: `Bearer ${form.get('bearer')}` };
  doing(async () => {
    const made = await ask('POST', '/settings/endpoints', body);
    shown = made.id;
    secret(made);
    event.target.reset();
    return made.status === 'Active' ? 'It answered its challenge and is sent to.' : 'It has not answered its challenge yet.';
  });
});

at('replay-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const which = {};
  for (const name of ['from', 'until']) if (form.get(name)) which[name] = new Date(form.get(name)).toISOString();
  if (form.get('topic')) which.topic = form.get('topic');
  doing(() => again('replay', which));
});

if (sessionStorage.getItem('key')) doing(async () => '');
