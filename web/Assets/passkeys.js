// Passkeys on the pages of a login: asks our own server for options, lets the browser make or use a passkey, and sends the
// answer with a form of the page. Without this script the pages work as they are.
(() => {
  'use strict';
  const form = document.getElementById('passkey-form');
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  const fault = document.getElementById('passkey-fault');
  const login = document.getElementById('loginId');
  const remember = document.getElementById('rememberMe');
  let waiting = null;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const described = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  async function options(body) {
    const answer = await fetch(form.dataset.start, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', RequestVerificationToken: form.elements.__RequestVerificationToken.value },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
    const given = (await answer.json()).options;
    given.challenge = bytes(given.challenge);
    if (given.user) given.user.id = bytes(given.user.id);
    if (given.excludeCredentials) given.excludeCredentials = described(given.excludeCredentials);
    if (given.allowCredentials) given.allowCredentials = described(given.allowCredentials);
    return given;
  }

  function send(credential) {
    const { response } = credential;
    const answer = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) answer.attestationObject = text(response.attestationObject);
    else Object.assign(answer, { authenticatorData: text(response.authenticatorData), signature: text(response.signature), userHandle: response.userHandle ? text(response.userHandle) : null });
    form.elements.credential.value = JSON.stringify({
      id: credential.id,
      type: credential.type,
      response: answer,
      clientExtensionResults: credential.getClientExtensionResults(),
      transports: response.getTransports ? response.getTransports() : [],
    });
    if (form.elements.rememberMe && remember) form.elements.rememberMe.value = remember.checked;
    form.submit();
  }

  // The browser's list of names to fill in shows passkeys as well. The challenge is renewed before its time is over.
  async function offer() {
    if (form.dataset.fill !== 'true' || !PublicKeyCredential.isConditionalMediationAvailable || !(await PublicKeyCredential.isConditionalMediationAvailable())) return;
    const own = new AbortController();
    waiting = own;
    const publicKey = await options({});
    const renewal = setTimeout(() => { own.abort(); offer().catch(() => {}); }, Math.max(publicKey.timeout - 15000, 5000));
    try {
      const credential = await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: own.signal });
      if (credential) send(credential);
    } finally {
      clearTimeout(renewal);
    }
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (waiting) waiting.abort();
    fault.hidden = true;
    try {
      const creates = form.dataset.kind === 'create';
      const publicKey = await options(login && login.value.trim() ? { loginId: login.value.trim() } : {});
      send(await (creates ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey })));
    } catch (error) {
      fault.textContent = error.name === 'InvalidStateError' ? fault.dataset.known : fault.dataset.failed;
      fault.hidden = false;
      offer().catch(() => {});
    }
  });

  // Who can make passkeys here may be offered one after the password.
  const capable = document.getElementById('passkeys');
  if (capable && PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable)
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then((is) => { capable.value = is; }, () => {});
  document.getElementById('passkey-part').hidden = false;
  offer().catch(() => {});
})();
