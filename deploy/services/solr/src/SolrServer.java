import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** A Solr of its own on 127.0.0.1: java SolrServer HOME PORT. For tests; it has no admin pages. */
public class SolrServer {
  public static void main(String[] arguments) throws Exception {
    String home = Path.of(arguments[0]).toAbsolutePath().toString();
    int port = Integer.parseInt(arguments[1]);
    JettySolrRunner runner =
        new JettySolrRunner(home, new JettyConfig.Builder().setContext("/solr").setPort(port).build());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(runner, stopped)));
    runner.start();
    stopped.await();
  }

  /** Closing the cores commits what is pending and frees the index's lock. */
  private static void stop(JettySolrRunner runner, CountDownLatch stopped) {
    try {
      runner.stop();
    } catch (Exception error) {
      error.printStackTrace();
    } finally {
      stopped.countDown();
    }
  }
}
