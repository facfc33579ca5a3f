/** Operations of the R5 backport IG 1.1.0 on Subscription, with what of them is carried out. */
import { input, type Operation, output } from '../../operations/definition.ts';
import { operationUrl } from '../backport.ts';

const VERSION = '1.1.0';
const IDS = input(
  'id:id*',
  'Ids of Subscriptions; on one Subscription it is ignored.',
  'Mã các Subscription; ở một Subscription thì bỏ qua.',
);

/** IG OperationDefinition-backport-subscription-status.html. */
export const SUBSCRIPTION_STATUS: Operation = {
  name: 'status',
  definition: operationUrl('status'),
  version: VERSION,
  title: { en: 'Subscription Status', vi: 'Trạng thái đăng ký nhận tin' },
  description: {
    en: 'Where Subscriptions stand: status, events so far, and the error.',
    vi: 'Các đăng ký nhận tin đang ở đâu: trạng thái, số sự kiện đến nay, và lỗi.',
  },
  resource: ['Subscription'],
  at: ['type', 'instance'],
  parameters: [
    IDS,
    input(
      'status:code*',
      'Only Subscriptions with one of these; on one Subscription it is ignored.',
      'Chỉ các Subscription có một trong các trạng thái này; ở một Subscription thì bỏ qua.',
    ),
    output('return:Bundle!', 'A searchset of statuses.', 'Một searchset gồm các trạng thái.'),
  ],
};

/** IG OperationDefinition-backport-subscription-events.html. */
export const SUBSCRIPTION_EVENTS: Operation = {
  name: 'events',
  definition: operationUrl('events'),
  version: VERSION,
  title: { en: 'Subscription Events', vi: 'Sự kiện của đăng ký nhận tin' },
  description: {
    en: 'Events of a topic-based Subscription of the last 30 days, 100 at most in one answer: from eventsSinceNumber on, or the last ones.',
    vi: 'Các sự kiện trong 30 ngày của một đăng ký theo chủ đề, mỗi lần trả nhiều nhất 100: từ eventsSinceNumber trở đi, hoặc những sự kiện cuối.',
  },
  resource: ['Subscription'],
  at: ['instance'],
  parameters: [
    input('eventsSinceNumber:string', 'The first event, inclusive.', 'Sự kiện đầu tiên, kể cả sự kiện này.'),
    input('eventsUntilNumber:string', 'The last event, inclusive.', 'Sự kiện cuối, kể cả sự kiện này.'),
    input(
      'content:code',
      'empty, id-only or full-resource; the Subscription’s own when absent.',
      'empty, id-only hoặc full-resource; không có thì theo Subscription.',
    ),
    output('return:Bundle!', 'A notification Bundle.', 'Một Bundle thông báo.'),
  ],
};

/** IG OperationDefinition-backport-subscription-get-ws-binding-token.html. */
export const GET_WS_BINDING_TOKEN: Operation = {
  name: 'get-ws-binding-token',
  definition: operationUrl('get-ws-binding-token'),
  version: VERSION,
  title: { en: 'Get WebSocket Binding Token', vi: 'Lấy mã để nghe qua websocket' },
  description: {
    en: 'A token that binds a websocket to Subscriptions for half an hour; without ids, to all of the caller’s with this channel (100 at most).',
    vi: 'Mã gắn một websocket với các Subscription trong nửa giờ; không nêu mã thì với mọi Subscription kênh này mà người gọi thấy (nhiều nhất 100).',
  },
  resource: ['Subscription'],
  at: ['type', 'instance'],
  parameters: [
    IDS,
    output('token:string!', 'To be sent as "bind-with-token <token>".', 'Gửi lên: "bind-with-token <mã>".'),
    output('expiration:dateTime!', 'When it ends.', 'Khi nào hết hạn.'),
    output('subscription:string*', 'Ids that it binds to.', 'Các Subscription mà mã này gắn với.'),
    output('websocket-url:url!', 'Where to connect.', 'Địa chỉ để kết nối.'),
  ],
};

export const SUBSCRIPTION_OPERATIONS: readonly Operation[] = [
  SUBSCRIPTION_STATUS,
  SUBSCRIPTION_EVENTS,
  GET_WS_BINDING_TOKEN,
];
