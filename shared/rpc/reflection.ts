import type { Server } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { ReflectionService } from '@grpc/reflection'
import { protoPath as healthProto } from 'grpc-health-check'
import { fileURLToPath } from 'node:url'
import { protoFiles, protoFolder } from './schema.js'

/** Every service of the port, the standard ones too, with names as the files have them. */
function served() {
  const folder = fileURLToPath(new URL('../proto', import.meta.resolve('@grpc/reflection')))
  const reflection = ['v1', 'v1alpha'].map((each) => `grpc/reflection/${each}/reflection.proto`)
  return loadSync([...protoFiles, healthProto, ...reflection], {
    keepCase: true,
    includeDirs: [protoFolder, folder],
  })
}

/** Lets tools such as grpcurl ask for services and messages. It tells the schema and no data. */
export function addReflection(server: Server): void {
  new ReflectionService(served()).addToServer(server)
}
