// What @simplewebauthn/server says about ceremonies.
// Input: {trials: [{name, kind: create|get, response, challenge, origin, rpId, publicKey (COSE, base64url), signCount}]}.
// Answers {verdicts: {name: {accepted, reason}}}.
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { input, report } from './program.mjs';

const { trials } = await input();
const verdicts = {};
for (const trial of trials) verdicts[trial.name] = await judge(trial).catch((error) => ({ accepted: false, reason: error.message }));
report({ verdicts });

async function judge({ kind, response, challenge, origin, rpId, publicKey, signCount }) {
  const asked = {
    response: { ...response, rawId: response.id },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
  };
  const { verified } = kind === 'create'
    ? await verifyRegistrationResponse({ ...asked, supportedAlgorithmIDs: [-7, -8, -257, -35, -36] })
    : await verifyAuthenticationResponse({ ...asked, credential: { id: response.id, publicKey: Buffer.from(publicKey, 'base64url'), counter: signCount } });
  return { accepted: verified, reason: verified ? null : 'not verified' };
}
