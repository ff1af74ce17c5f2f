import type { Server } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { ReflectionService } from '@grpc/reflection'
import { protoPath as healthProto } from 'grpc-health-check'
import { fileURLToPath } from 'node:url'
import { packageDefinition } from './schema.js'

/** The standard services that the port serves beside our own: who asks for a list gets all of them. */
function standardServices() {
  const folder = fileURLToPath(new URL('../proto', import.meta.resolve('@grpc/reflection')))
  const reflection = ['v1', 'v1alpha'].map((each) => `grpc/reflection/${each}/reflection.proto`)
  return loadSync([healthProto, ...reflection], { includeDirs: [folder] })
}

/** Lets tools such as grpcurl ask for services and messages. It tells the schema and no data. */
export function addReflection(server: Server): void {
  new ReflectionService({ ...packageDefinition, ...standardServices() }).addToServer(server)
}
