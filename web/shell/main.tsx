/** Entry of the browser's part. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { chooseLanguage, rememberedLanguage } from '../ui/i18n/language.ts';
import { App } from './app.tsx';
import { loadEnglish, screenAt } from './registry.ts';
import { loadAhead } from './screen-place.tsx';

const opened = screenAt(window.location.pathname);
if (opened) loadAhead(opened.screen);

await chooseLanguage(rememberedLanguage(), loadEnglish).catch(() => undefined);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
