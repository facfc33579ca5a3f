/** Entry of the browser's part. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readAhead } from '../ui/data/api.ts';
import { chooseLanguage, rememberedLanguage } from '../ui/i18n/language.ts';
import { App } from './app.tsx';
import { loadEnglish, screenAt } from './registry.ts';
import { loadAhead } from './screen-place.tsx';

const opened = screenAt(window.location.pathname);
if (opened) loadAhead(opened.screen);
readAhead('/api/access/me');
const asked = new URLSearchParams(window.location.search);
for (const path of opened?.screen.readsFirst?.(opened.params, asked) ?? []) readAhead(path);

await chooseLanguage(rememberedLanguage(), loadEnglish).catch(() => undefined);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
