import static java.nio.charset.StandardCharsets.UTF_8;
import java.security.MessageDigest;
import java.util.concurrent.Executor;
import io.github.nnopen.api.invoicing.RequestBillingNew;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.github.nnopen.*;
import io.github.nnopen.jdk.JdkTransport;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.*;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.*;

public final class CLASS {
    @RestController
    public static class Pushes {
        final Client client = Host.client();
        final String pushKey = "6f1c9a";
        final Executor later = Runnable::run;
        final List<Object> records = new ArrayList<>();

        void record(Object rows) {
            records.add(rows);
        }

        // BLOCK
    }

    public static void main(String[] args) throws Exception {
        Pushes pushes = new Pushes();
        pushes.client.settle(new RequestBillingNew(Host.order("A-1", "pc")));
        String body = "operater=callback&orderno=A-1&content=%7B%22c_orderno%22%3A%22A-1%22%7D";
        var web = MockMvcBuilders.standaloneSetup(pushes).build();
        String form = "application/x-www-form-urlencoded";
        web.perform(post("/nuonuo/6f1c9a").contentType(form).content(body)).andExpect(status().isOk());
        web.perform(post("/nuonuo/guessed").contentType(form).content(body)).andExpect(status().isNotFound());
        if (pushes.records.size() != 1) throw new IllegalStateException(pushes.records.toString());
    }
}
