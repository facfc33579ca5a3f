/** Everybody of a list is put in the queue of reminders; what then really leaves the house is said before. */
import { useState } from 'react';
import { api, Button, ButtonLink, Notice, Row, Stack, Text, t, useMutation } from '../../../web/ui/index.ts';
import type { Reminders } from '../reminders/routes.ts';

export function RemindForm(props: { programme: string; list: string; village: string; onDone: () => void }) {
  const [made, setMade] = useState<Reminders | null>(null);
  const remind = useMutation<void, Reminders>(
    () =>
      api.post(`/api/programmes/${props.programme}/reminders`, { list: props.list, village: props.village }),
    { refreshes: [['programmes']], onDone: setMade },
  );
  return (
    <Stack gap={12}>
      {made ? (
        <Outcome made={made} />
      ) : (
        <Text>
          {t(
            'programmes.remind.what',
            'Mỗi người trong danh sách đang mở, có số điện thoại di động và chưa được nhắc việc này trong 7 ngày, có một lời nhắc trong hàng đợi. Người đã mất, chuyển đi, từ chối không được nhắc.',
          )}
        </Text>
      )}
      {remind.error && <Notice tone="danger" title={remind.error.message} />}
      <Row gap={8}>
        {made ? (
          <>
            <ButtonLink to="/nhac-hen">{t('programmes.remind.queue', 'Xem hàng đợi')}</ButtonLink>
            <Button kind="primary" onPress={props.onDone}>
              {t('programmes.remind.close', 'Xong')}
            </Button>
          </>
        ) : (
          <Button kind="primary" busy={remind.busy} onPress={() => remind.run()}>
            {t('programmes.remind.make', 'Đưa vào hàng đợi')}
          </Button>
        )}
      </Row>
    </Stack>
  );
}

function Outcome({ made }: { made: Reminders }) {
  return (
    <Stack gap={8}>
      <Text>
        {t(
          'programmes.remind.made',
          '{made} lời nhắc vào hàng đợi; {already} đã nhắc rồi; {without} không có số di động.',
          {
            made: String(made.made),
            already: String(made.already),
            without: String(made.withoutPhone),
          },
        )}
      </Text>
      {!made.hasGateway && <NoGateway />}
    </Stack>
  );
}

/** Said wherever somebody could think that messages go out. */
export function NoGateway() {
  return (
    <Notice
      tone="look"
      title={t('programmes.remind.no-gateway', 'Chưa nối cổng nhắn tin: chưa tin nào được gửi')}
    >
      {t(
        'programmes.remind.no-gateway.hint',
        'Lời nhắc nằm chờ trong hàng đợi. Cần mời ngay thì gọi điện; người vận hành nối cổng bằng YBA_MESSENGER.',
      )}
    </Notice>
  );
}
