import { toast } from '../ui/feedback/toast.tsx';
import { chooseLanguage, type Language, t, useLanguage } from '../ui/i18n/language.ts';
import { loadEnglish } from './registry.ts';

const NAMES: Record<Language, string> = { vi: 'Tiếng Việt', en: 'English' };

/** Vietnamese or English; the page changes without losing what was typed. */
export function LanguageSwitch() {
  const now = useLanguage();
  const other: Language = now === 'vi' ? 'en' : 'vi';
  const change = () =>
    chooseLanguage(other, loadEnglish).catch(() =>
      toast({
        tone: 'look',
        text: t('shell.language-failed', 'Chưa tải được tiếng Anh. Thử lại khi có mạng.'),
      }),
    );
  return (
    <button type="button" className="yb-language" lang={other} onClick={() => void change()}>
      {NAMES[other]}
    </button>
  );
}
