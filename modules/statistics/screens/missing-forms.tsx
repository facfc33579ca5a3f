/** Forms that a unit owes and that are not here: which, why, and what ends that. */
import { useState } from 'react';
import { Button, Dialog, language, Stack, Text, t } from '../../../web/ui/index.ts';
import type { MissingForm } from '../missing-forms.ts';

export function MissingForms({ forms }: { forms: readonly MissingForm[] }) {
  const [open, setOpen] = useState(false);
  if (forms.length === 0) return null;
  const english = language() === 'en';
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        {t('statistics.missing-forms.n', '{n} biểu chưa có ở đây', { n: forms.length })}
      </Button>
      <Dialog
        title={t('statistics.missing-forms', 'Biểu phải lập mà chưa có ở đây')}
        opened={open}
        onClose={() => setOpen(false)}
        acts={
          <Button kind="primary" onPress={() => setOpen(false)}>
            {t('statistics.missing-forms.close', 'Đã rõ')}
          </Button>
        }
      >
        <Stack>
          {forms.map(({ code, title, titleEn, reason, reasonEn }) => (
            <div key={code}>
              <Text strong>{[code, english ? titleEn : title].filter(Boolean).join(': ')}</Text>
              <div>
                <Text>{english ? reasonEn : reason}</Text>
              </div>
            </div>
          ))}
          <Text tone="soft">
            {t(
              'statistics.missing-forms.do',
              'Các biểu này lập và nộp ngoài phần mềm. Khi có bản in, Sở Y tế thêm biểu bằng một tệp nội dung, không cần lập trình (Hướng dẫn nội dung, trang 6: Báo cáo); biểu có rồi thì dòng này tự mất.',
            )}
          </Text>
        </Stack>
      </Dialog>
    </>
  );
}
