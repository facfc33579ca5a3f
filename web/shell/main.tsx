/** Entry of the browser's part. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { chooseLanguage, rememberedLanguage } from '../ui/i18n/language.ts';
import { App } from './app.tsx';
import { loadEnglish } from './registry.ts';

await chooseLanguage(rememberedLanguage(), loadEnglish).catch(() => undefined);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
