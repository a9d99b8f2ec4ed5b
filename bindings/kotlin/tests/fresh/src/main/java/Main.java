import example.IssueInvoice;
import io.github.nnopen.Clock;
import io.github.nnopen.Config;
import io.github.nnopen.jdk.JdkTransport;
import java.io.BufferedReader;
import java.io.InputStreamReader;

/** Issues an invoice at the simulator. */
public final class Main {
    public static void main(String[] args) throws Exception {
        Process simulator = new ProcessBuilder(System.getenv("NNOPEN_BIN"), "simulate").start();
        try {
            String url = new BufferedReader(new InputStreamReader(simulator.getInputStream())).readLine();
            Config config = Config.builder("SD00000001", "SD00000000000001", "339901999999142")
                .addresses(url + "/open/v1/services", url + "/accessToken").build();
            String told = new IssueInvoice(config, new JdkTransport(), Clock.SYSTEM).issue("FRESH-1");
            System.out.println(told);
            if (!told.equals("2 2598.00")) System.exit(1);
        } finally {
            simulator.destroy();
        }
    }
}
