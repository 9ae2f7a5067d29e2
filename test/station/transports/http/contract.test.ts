import { Hub } from '../../../support/hub.js'
import { contractSuite } from '../contract.js'

contractSuite('httpTransport', async () => {
  const hub = await Hub.open()
  return {
    transport: hub.transport(),
    answer(make) {
      hub.receive = make
    },
    leave: () => hub.stop(),
    comeBack: () => hub.start(),
    close: () => hub.close(),
  }
})
