import { toast } from '../ui/feedback/toast.tsx';
import { chooseLanguage, type Language, t, useLanguage } from '../ui/i18n/language.ts';
import { loadEnglish } from './registry.ts';

const NAMES: Record<Language, string> = { vi: 'Tiếng Việt', en: 'English' };

/** The language that is not shown, and the way to it. */
export function useOtherLanguage(): { language: Language; name: string; choose: () => Promise<void> } {
  const language: Language = useLanguage() === 'vi' ? 'en' : 'vi';
  const choose = () =>
    chooseLanguage(language, loadEnglish).catch(() =>
      toast({
        tone: 'look',
        text: t('shell.language-failed', 'Chưa tải được tiếng Anh. Thử lại khi có mạng.'),
      }),
    );
  return { language, name: NAMES[language], choose };
}

/** Vietnamese or English; the page changes without losing what was typed. */
export function LanguageSwitch() {
  const other = useOtherLanguage();
  return (
    <button type="button" className="yb-language" lang={other.language} onClick={() => void other.choose()}>
      {other.name}
    </button>
  );
}
