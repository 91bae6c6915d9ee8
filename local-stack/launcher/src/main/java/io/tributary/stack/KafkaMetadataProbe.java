package io.tributary.stack;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a broker for the cluster's metadata, as every client does first. A broker lists itself there
 * only once it has registered and may serve, which a mere connection does not tell.
 *
 * <p>Written on the bare protocol (Metadata version 4) so that the launcher brings no client, and
 * no client version, onto the class path of the tests that use it.
 */
final class KafkaMetadataProbe implements ServerProcess.Readiness {
  private static final short METADATA = 3;
  private static final short VERSION = 4;
  private static final int CORRELATION_ID = 1;
  private static final int TIMEOUT_MILLIS = 3_000;
  private static final int NO_TOPICS = 0;

  private final int port;

  KafkaMetadataProbe(int port) {
    this.port = port;
  }

  @Override
  public void check() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request());
      requireBroker(new DataInputStream(socket.getInputStream()));
    }
  }

  private static byte[] request() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(body);
    data.writeShort(METADATA);
    data.writeShort(VERSION);
    data.writeInt(CORRELATION_ID);
    byte[] client = "local-stack".getBytes(StandardCharsets.UTF_8);
    data.writeShort(client.length);
    data.write(client);
    data.writeInt(NO_TOPICS);
    data.writeBoolean(false); // no topics made
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    new DataOutputStream(framed).writeInt(body.size());
    body.writeTo(framed);
    return framed.toByteArray();
  }

  private void requireBroker(DataInputStream answer) throws IOException {
    answer.readInt(); // size
    if (answer.readInt() != CORRELATION_ID) {
      throw new IOException("port " + port + " does not speak Kafka's protocol");
    }
    answer.readInt(); // throttle time
    int brokers = answer.readInt();
    for (int i = 0; i < brokers; i++) {
      answer.readInt(); // node id
      answer.readUTF(); // host
      if (answer.readInt() == port) {
        return;
      }
      skipNullableText(answer); // rack
    }
    throw new IOException("the broker has not joined its cluster yet");
  }

  private static void skipNullableText(DataInputStream answer) throws IOException {
    int length = answer.readShort();
    if (length > 0) {
      answer.skipNBytes(length);
    }
  }
}
