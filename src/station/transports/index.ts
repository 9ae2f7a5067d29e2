/** How messages travel between stations: part of the entry point `sidik/station`. */

export type { Exchange, Transport } from '../sync/transport.js'
export { hostTransport } from './host-function.js'
export type { UploadStore } from './http/answers.js'
export { type HttpTransportOptions, httpTransport } from './http/http-transport.js'
export type { TusServer } from './http/hub-desk.js'
export type { HubEvent, ServeHubOptions } from './http/hub-options.js'
export { limitSockets, type SocketLimits } from './http/limit-sockets.js'
export { type HttpReceiver, httpReceiver } from './http/receiver.js'
export type { HttpReceiverOptions } from './http/receiver-options.js'
export { type RunningHub, serveHub } from './http/serve-hub.js'
