/**
 * A SMART app as anybody writes it, by the specification alone (SMART App Launch 2.2, public client in a browser): discovery,
 * authorization code with PKCE and state, token, reads, refresh. It knows nothing of the server but `iss`.
 */
const here = new URL(location.href);
const client = 'sample-app';
const redirect = new URL('index.html', here).href;
const show = (id, text) => {
  document.getElementById(id).textContent = text ?? '';
};

const random = () => encode(crypto.getRandomValues(new Uint8Array(32)));

function encode(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

async function configuration(iss) {
  return (await fetch(`${iss}/.well-known/smart-configuration`)).json();
}

async function authorize(iss, launch) {
  const { authorization_endpoint } = await configuration(iss);
  const [state, verifier] = [random(), random()];
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  sessionStorage.setItem(state, JSON.stringify({ iss, verifier }));
  const scope = launch
    ? 'launch openid fhirUser patient/Patient.r patient/Observation.rs'
    : 'launch/patient openid fhirUser offline_access patient/*.rs';
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client,
    redirect_uri: redirect,
    scope,
    state,
    aud: iss,
    code_challenge: encode(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    ...(launch && { launch }),
  });
  location.assign(`${authorization_endpoint}?${query}`);
}

async function ask(iss, form) {
  const { token_endpoint } = await configuration(iss);
  const answer = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: client, ...form }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${body.error}: ${body.error_description}`);
  return body;
}

async function comeBack(code, state) {
  const kept = JSON.parse(sessionStorage.getItem(state) ?? 'null');
  sessionStorage.removeItem(state);
  if (!kept) throw new Error('the answer is not to a question of this page');
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirect,
    code_verifier: kept.verifier,
  };
  const tokens = await ask(kept.iss, form);
  sessionStorage.setItem('tokens', JSON.stringify({ iss: kept.iss, ...tokens }));
  history.replaceState(null, '', redirect);
}

async function read(path) {
  const { iss, access_token } = JSON.parse(sessionStorage.getItem('tokens'));
  const answer = await fetch(`${iss}/${path}`, { headers: { authorization: `Bearer ${access_token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function draw() {
  const { patient, encounter, scope } = JSON.parse(sessionStorage.getItem('tokens'));
  show('encounter', encounter);
  show('scope', scope);
  const { name } = await read(`Patient/${patient}`);
  show('patient', name[0].text);
  const { entry = [] } = await read('Observation?_sort=-date&_count=20');
  const list = document.getElementById('observations');
  list.replaceChildren(
    ...entry.map(({ resource }) =>
      Object.assign(document.createElement('li'), { textContent: resource.code.text }),
    ),
  );
  show('state', 'xong');
}

async function refresh() {
  show('state', 'đang làm mới');
  const { iss, refresh_token, ...before } = JSON.parse(sessionStorage.getItem('tokens'));
  const tokens = await ask(iss, { grant_type: 'refresh_token', refresh_token });
  sessionStorage.setItem('tokens', JSON.stringify({ ...before, iss, ...tokens }));
  await draw();
}

const failed = (error) => show('state', `lỗi: ${error.message}`);
const { searchParams } = here;
document.getElementById('start').onclick = () => authorize(searchParams.get('iss')).catch(failed);
document.getElementById('refresh').onclick = () => refresh().catch(failed);

if (searchParams.has('launch'))
  await authorize(searchParams.get('iss'), searchParams.get('launch')).catch(failed);
else if (searchParams.has('error')) show('state', `bị từ chối: ${searchParams.get('error')}`);
else if (searchParams.has('code'))
  await comeBack(searchParams.get('code'), searchParams.get('state')).then(draw).catch(failed);
