import io.github.nnopen.*;
import io.github.nnopen.api.invoicing.RequestBillingNew;
import java.util.List;
import kotlin.Pair;

public final class CLASS {
    record Said(int status, byte[] bytes) {}

    interface Http {
        Said post(String url, List<Pair<String, String>> headers, byte[] body) throws NoAnswer;
    }

    public static void main(String[] args) {
        Http http = (url, headers, body) -> {
            try {
                var said = Host.post(url, headers, body);
                return new Said(said.statusCode(), said.body());
            } catch (Exception failure) {
                throw new NoAnswer(false, failure.toString(), failure);
            }
        };
        // BLOCK
        Client client = new Client(new Config("SD00000001", "SD00000000000001", "339901999999142"), transport, new MemoryStore());
        if (client.settle(new RequestBillingNew(Host.order("NN1", "pc"))).size() != 1) throw new IllegalStateException();
    }
}
