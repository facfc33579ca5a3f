import { useEffect, useState } from 'react';
import { ApiFailure } from '../ui/data/failure.ts';
import { answerByPasskey, endOffer, offerPasskeys } from '../ui/data/passkey.ts';
import { Notice } from '../ui/feedback/notice.tsx';
import { Button } from '../ui/form/button.tsx';
import { t } from '../ui/i18n/language.ts';
import { IconKey } from '../ui/icons.ts';
import { type Entered, enter } from './session-calls.ts';

/** One button for who has a passkey; where the browser can, the field of the name offers it as well. */
export function PasskeyButton(props: { onEntered: (answer: Entered) => void | Promise<void> }) {
  const { onEntered } = props;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const give = async (answer: object) => onEntered(await enter('sign-in/passkey', { answer }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: offered once, while the page is open
  useEffect(() => {
    void offerPasskeys()
      .then((answer) => answer && give(answer))
      .catch((error) => setFailure(error instanceof ApiFailure ? error.message : null));
    return () => void endOffer();
  }, []);
  const press = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await give(await answerByPasskey('sign-in'));
    } catch (error) {
      setFailure(error instanceof ApiFailure ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button wide icon={<IconKey size={18} aria-hidden />} busy={busy} onPress={() => void press()}>
        {t('passkey.use', 'Dùng khóa truy cập')}
      </Button>
      {failure && (
        <div role="alert">
          <Notice tone="danger" title={failure} />
        </div>
      )}
    </>
  );
}
