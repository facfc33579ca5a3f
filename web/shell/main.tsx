/** Entry of the browser's part. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readAhead } from '../ui/data/api.ts';
import { chooseLanguage, rememberedLanguage } from '../ui/i18n/language.ts';
import { App } from './app.tsx';
import { loadEnglish, screenAt } from './registry.ts';
import { loadAhead } from './screen-place.tsx';
import { drawWith } from './session-calls.ts';

const opened = screenAt(window.location.pathname);
void readAhead('/api/access/me');
if (opened) {
  const asked = new URLSearchParams(window.location.search);
  const first = opened.screen.readsFirst?.(opened.params, asked) ?? [];
  // The reads first: their answers take the server a moment, the code is only sent.
  drawWith(Promise.all([...first.map(readAhead), loadAhead(opened.screen)]));
}

await chooseLanguage(rememberedLanguage(), loadEnglish).catch(() => undefined);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
